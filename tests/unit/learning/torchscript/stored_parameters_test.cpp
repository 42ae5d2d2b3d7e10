#include "common/learning/torchscript/stored_parameters.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/torchscript/torchscript_file.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;
using Catch::Matchers::Contains;

TEST_CASE("The parameters of a written model read back, of one with buffers too")
{
    const TemporaryFolder folder;
    for (const std::string name : {"lenet5", "resnet-8"}) {
        const auto model = build_model({.name = name}, {});
        const auto parameters = initial_parameters(model, 3);
        torchscript::write_torchscript(model, parameters, folder / "model.pt");
        CHECK(torchscript::stored_parameters(model, folder / "model.pt") == parameters);
    }
}

TEST_CASE("A file that is cut off, altered, or another model's is refused by name")
{
    const TemporaryFolder folder;
    const auto model = build_model({.name = "mlp-32"}, {});
    const auto path = folder / "model.pt";
    torchscript::write_torchscript(model, initial_parameters(model, 1), path);
    const auto whole = read_file(path);
    const auto refusal = [&](const Model& wanted, const std::string& bytes) {
        write_file(path, bytes);
        try {
            static_cast<void>(torchscript::stored_parameters(wanted, path));
        } catch (const DataError& error) {
            return std::string{error.what()};
        }
        return std::string{"nothing"};
    };
    CHECK_THAT(refusal(model, whole.substr(0, 1000)), Contains("model.pt: is cut off"));
    for (const std::size_t bytes : {1U, 2U, 22U, 100U, 2000U})
        CHECK_THAT(refusal(model, whole.substr(0, whole.size() - bytes)), Contains("model.pt: is cut off"));
    CHECK_THAT(refusal(model, ""), Contains("is cut off"));
    CHECK_THAT(refusal(model, std::string(1000, 'x')), Contains("isn't a model that the native engine wrote"));
    auto altered = whole;
    altered[5000] = static_cast<char>(altered[5000] ^ 1);
    CHECK_THAT(refusal(model, altered), Contains("is damaged"));
    CHECK_THAT(refusal(build_model({.name = "lenet5"}, {}), whole), Contains("model.pt: "));
}
