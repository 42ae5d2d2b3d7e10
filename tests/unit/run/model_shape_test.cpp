#include "common/run/model_shape.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using fedgram::test::TemporaryFolder;
using fedgram::test::write_file;

TEST_CASE("The shape of a run's models is in its inputs.json")
{
    const TemporaryFolder folder;
    write_file(folder / "inputs.json", R"({"format": 1, "data": {"shape": [3, 32, 48], "class_count": 7}})");
    const auto shape = run::model_shape(folder.path());
    CHECK(shape.channels == 3);
    CHECK(shape.height == 32);
    CHECK(shape.width == 48);
    CHECK(shape.classes == 7);
}

TEST_CASE("An inputs.json without a shape, or with a wrong one, is refused")
{
    const TemporaryFolder folder;
    CHECK_THROWS_AS(run::model_shape(folder.path()), DataError);
    const auto refused = [&](const std::string& text, const std::string& why) {
        write_file(folder / "inputs.json", text);
        CHECK_THROWS_WITH(run::model_shape(folder.path()), Catch::Contains("inputs.json: " + why));
    };
    refused(R"({"format": 1})", "doesn't say which shape");
    refused(R"({"data": {"shape": [1, 28], "class_count": 7}})", "data.shape isn't [channels, height, width]");
    refused(R"({"data": {"shape": [1, 28, -28], "class_count": 7}})", "data.shape isn't [channels, height, width]");
    refused(R"({"data": {"shape": [1, 28, 28]}})", "data.class_count isn't a whole number");
}
