#include "experiments/sweep/sweep_file.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("A sweep's folder says which sweep it is of", "[experiments]")
{
    const test::TemporaryFolder folder;
    const SweepPlan plan{"mine", {{"federated.local_epochs", {"1", "5"}}, {"model", {"\"small-cnn\""}}}, {3, 4}};
    const auto text = sweep_text(plan);
    CHECK_THAT(text, Contains("\"format\": 1"));
    test::write_file(folder / "sweep.json", text);
    CHECK(is_sweep_folder(folder.path()));
    const auto read = read_sweep_file(folder.path());
    CHECK(read.spec == "mine");
    CHECK(read.keys == plan.keys);
    CHECK(read.seeds == plan.seeds);
}

TEST_CASE("A sweep's file that is missing, newer or wrong is an error that names it", "[experiments]")
{
    const test::TemporaryFolder folder;
    CHECK_FALSE(is_sweep_folder(folder.path()));
    std::filesystem::create_directory(folder / "runs");
    test::write_file(folder / "sweep.csv", "run\n");
    CHECK(is_sweep_folder(folder.path()));
    const auto file = (folder / "sweep.json").string();
    CHECK_THROWS_WITH(read_sweep_file(folder.path()),
                      StartsWith(file + " is missing, as in a sweep of an earlier version; call `fedgram sweep`"));
    const auto refused = [&](const std::string& text) {
        test::write_file(folder / "sweep.json", text);
        static_cast<void>(read_sweep_file(folder.path()));
    };
    CHECK_THROWS_AS(refused("{"), DataError);
    CHECK_THROWS_AS(refused(R"({"format": 2, "spec": "a", "set": {"b": [1]}})"), DataError);
    CHECK_THROWS_AS(refused(R"({"format": 1, "spec": "a", "set": {}})"), DataError);
    CHECK_THROWS_WITH(refused(R"({"format": 1, "spec": "a", "set": {"b": [1]}, "c": 1})"),
                      StartsWith(file) && Contains("c: unknown key"));
}
