#include "common/learning/start/start_parameters.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstring>
#include <limits>

#include "common/error/error.hpp"
#include "common/learning/levers/stored_model.hpp"
#include "common/learning/model/builtin_models.hpp"
#include "common/learning/model_file/model_file.hpp"
#include "common/learning/quantization/encoded_tensor.hpp"
#include "common/learning/torchscript/torchscript_file.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;
using Catch::Matchers::Contains;

namespace {

Model builtin(const std::string& name)
{
    return build_model({.name = name, .layers = *builtin_layers(name, 10)}, {1, 28, 28, 10});
}

std::string refusal(const Model& model, const std::filesystem::path& path)
{
    try {
        static_cast<void>(start_parameters(model, path));
    } catch (const Error& error) {
        return error.what();
    }
    return "nothing";
}

}  // namespace

TEST_CASE("A start is what the native engine wrote, bit for bit, with residuals and buffers too")
{
    const TemporaryFolder folder;
    for (const std::string name : {"mlp-32", "small-cnn", "resnet-8"}) {
        const auto model = builtin(name);
        const auto parameters = initial_parameters(model, 3);
        torchscript::write_torchscript(model, parameters, folder / "model.pt");
        CHECK(start_parameters(model, folder / "model.pt") == parameters);
    }
}

TEST_CASE("A start may be a model that was made smaller, as long as its tensors are floats")
{
    const TemporaryFolder folder;
    const spec::ModelSpec spec{.name = "mlp-32", .layers = *builtin_layers("mlp-32", 10)};
    Candidate candidate{spec, build_model(spec, {1, 28, 28, 10}), {}};
    candidate.parameters = initial_parameters(candidate.model, 3);
    for (std::size_t i = 0; i < candidate.parameters.size(); i += 2) candidate.parameters[i] = 0;
    write_model_file(folder / "pruned.fgm", stored_model(candidate));
    CHECK(start_parameters(candidate.model, folder / "pruned.fgm") == candidate.parameters);

    candidate.rounded_to = spec::QuantizedType::bf16;
    write_model_file(folder / "bf16.fgm", stored_model(candidate));
    const auto rounded = start_parameters(candidate.model, folder / "bf16.fgm");
    for (std::size_t i = 0; i < rounded.size(); ++i) CHECK(std::abs(rounded[i] - candidate.parameters[i]) < 2e-3F);

    auto file = stored_model(candidate);
    file.tensors.front().encoding = "int8";
    write_model_file(folder / "int8.fgm", file);
    CHECK_THAT(refusal(candidate.model, folder / "int8.fgm"), Contains("model.start: ") && Contains("int8.fgm: "));
    CHECK_THAT(refusal(builtin("mlp"), folder / "pruned.fgm"), Contains("pruned.fgm: its fc1.weight is 32 x 784"));
}

TEST_CASE("The first tensor that doesn't fit is named, with both shapes")
{
    const TemporaryFolder folder;
    const auto path = folder / "model.pt";
    const auto small = builtin("small-cnn");
    torchscript::write_torchscript(small, initial_parameters(small, 1), path);
    CHECK(refusal(builtin("mlp-32"), path) == "model.start: " + path.string() +
                                                  ": its fc1.weight is 128 x 1568, the model's 32 x 784; use a file of "
                                                  "these layers");
    auto wider = *builtin_layers("small-cnn", 10);
    std::get<spec::Conv2d>(wider[3]).channels = 33;
    CHECK_THAT(refusal(build_model({.layers = wider}, {1, 28, 28, 10}), path),
               Contains("its conv2.weight is 32 x 16 x 3 x 3, the model's 33 x 16 x 3 x 3"));
    auto deeper = *builtin_layers("small-cnn", 10);
    deeper.emplace_back(spec::Linear{.features = 10});
    CHECK_THAT(refusal(build_model({.layers = deeper}, {1, 28, 28, 10}), path),
               Contains("has no fc3.weight, which the model has"));
    auto shallower = *builtin_layers("small-cnn", 10);
    shallower.pop_back();
    CHECK_THAT(refusal(build_model({.layers = shallower}, {1, 28, 28, 128}), path),
               Contains("has fc2.weight, which the model hasn't"));
    // What has no parameters may differ.
    auto smooth = *builtin_layers("small-cnn", 10);
    smooth[1] = spec::Tanh{};
    CHECK(refusal(build_model({.layers = smooth}, {1, 28, 28, 10}), path) == "nothing");
}

TEST_CASE("Values that are no finite numbers, and what is no model, are refused by name")
{
    const TemporaryFolder folder;
    const auto path = folder / "model.pt";
    const auto model = builtin("mlp-32");
    auto parameters = initial_parameters(model, 1);
    const auto bias = std::ranges::find(model.parameters.slots, "fc2.bias", &ParameterSlot::name)->offset;
    parameters[bias + 3] = std::numeric_limits<float>::quiet_NaN();
    torchscript::write_torchscript(model, parameters, path);
    CHECK_THAT(refusal(model, path), Contains("model.pt: its fc2.bias[3] is no finite number"));
    parameters[bias + 3] = std::numeric_limits<float>::infinity();
    torchscript::write_torchscript(model, parameters, path);
    CHECK_THAT(refusal(model, path), Contains("its fc2.bias[3] is no finite number"));

    parameters[bias + 3] = 0;
    torchscript::write_torchscript(model, parameters, path);
    const auto whole = read_file(path);
    const auto refused = [&](const std::string& bytes) {
        write_file(path, bytes);
        return refusal(model, path);
    };
    CHECK(refused(whole) == "nothing");
    auto altered = whole;
    altered[5000] = static_cast<char>(altered[5000] ^ 1);
    CHECK_THAT(refused(altered), Contains("model.pt: is damaged"));
    CHECK_THAT(refused("nothing of a model"), Contains("model.pt: is no model; give the LABEL.pt"));
    CHECK_THAT(refused(""), Contains("is no model"));
    CHECK_THAT(refused("PK\x03\x05 something"), Contains("isn't a model that the native engine wrote"));
    CHECK_THAT(refused("FDGMODL\x01"), Contains("model.pt is no model file"));
    // Each cut leaves a line that says so, and nothing worse.
    const auto pickle = whole.find("model/data.pkl");
    for (auto size = std::size_t{2}; size < whole.size(); size += size < pickle - 100 ? 997 : 13)
        CHECK_THAT(refused(whole.substr(0, size)), Contains("model.pt: is cut off") || Contains("model.pt: isn't"));
    CHECK_THAT(refusal(model, folder / "none.pt"), Contains("model.start: ") && Contains("none.pt"));
}
