#include <catch2/catch.hpp>

#include "common/learning/model/builtin_models.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/torchscript/torchscript_file.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;

namespace {

/// Writes the model, and has LibTorch read it: names, shapes, values, costs, logits and a step are those of the layers.
void check(const Model& model)
{
    INFO(model.name);
    static const auto engine = open_engine("torch");
    const TemporaryFolder folder;
    const auto parameters = initial_parameters(model, 8);
    torchscript::write_torchscript(model, parameters, folder / "model.pt");

    const auto read = engine->describe(folder / "model.pt", model.shape);
    REQUIRE(read.parameters.slots.size() == model.parameters.slots.size());
    for (std::size_t i = 0; i < read.parameters.slots.size(); ++i) {
        CHECK(read.parameters.slots[i].name == model.parameters.slots[i].name);
        CHECK(read.parameters.slots[i].shape == model.parameters.slots[i].shape);
        CHECK(read.parameters.slots[i].offset == model.parameters.slots[i].offset);
    }
    CHECK(engine->stored_parameters(read) == parameters);
    CHECK(read.cost.forward_flops == model.cost.forward_flops);
    CHECK(read.cost.backward_flops == model.cost.backward_flops);

    const auto from_layers = engine->replica(model, {});
    const auto from_file = engine->replica(read, {});
    from_layers->begin(parameters, 1);
    from_file->begin(parameters, 1);
    // One sample at a time: the loss is a function of all of its logits.
    for (std::uint64_t seed = 0; seed < 4; ++seed) {
        const auto data = noise(model.shape, 1, seed);
        const auto expected = from_layers->evaluate(data.batch());
        const auto score = from_file->evaluate(data.batch());
        CHECK(score.loss_sum == expected.loss_sum);
        CHECK(score.correct == expected.correct);
    }
    const auto data = noise(model.shape, 8, 4);
    CHECK(from_file->step(data.batch(), 0.05) == from_layers->step(data.batch(), 0.05));
    std::vector<float> trained(model.parameters.size);
    std::vector<float> expected(model.parameters.size);
    from_file->read(trained);
    from_layers->read(expected);
    CHECK(trained == expected);
}

}  // namespace

TEST_CASE("LibTorch reads each built-in model that was written without it")
{
    for (const auto& name : builtin_model_names())
        check(build_model({.name = name, .layers = {}, .torchscript = {}}, {}));
}

TEST_CASE("LibTorch reads a narrow model that learns by muP, and gives the same logits")
{
    // Of the standard one alone a step from the file is the same: a file says nothing of rates.
    check(build_model({.name = "small-cnn", .layers = {}, .torchscript = {}, .width = 0.25}, {}));
    const auto model = wide_model();
    const TemporaryFolder folder;
    const auto parameters = initial_parameters(model, 8);
    torchscript::write_torchscript(model, parameters, folder / "model.pt");
    const auto engine = open_engine("torch");
    const auto read = engine->describe(folder / "model.pt", model.shape);
    const auto from_file = engine->replica(read, {});
    from_file->begin(engine->stored_parameters(read), 1);
    const auto native = open_engine("native")->replica(model, {});
    native->begin(parameters, 1);
    const auto data = noise(model.shape, 8, 1);
    CHECK(from_file->evaluate(data.batch()).loss_sum == Approx(native->evaluate(data.batch()).loss_sum));
}

TEST_CASE("LibTorch reads a model of every kind of layer, of strides and paddings, that was written without it")
{
    using namespace spec;
    check(build_model({.name = "odd",
                       .layers = {Conv2d{5, 3, 1, 1}, Tanh{}, MaxPool2d{2, 1}, Conv2d{6, 3, 1, 2}, Relu{},
                                  AvgPool2d{3, 2}, Conv2d{4, 2, 2, 0}, Tanh{}, Flatten{}, Linear{7}, Tanh{}, Linear{4}},
                       .torchscript = {}},
                      {2, 11, 9, 4}));
    for (const auto& model : models_of_newer_layers()) check(model);
    check(model_with_dropout());
    check(build_model({.name = "linear", .layers = {Flatten{}, Linear{3}}, .torchscript = {}}, {1, 1, 5, 3}));
}
