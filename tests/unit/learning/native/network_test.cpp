#include "common/learning/native/network.hpp"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "common/learning/model/builtin_models.hpp"
#include "tests/unit/learning/engine/engine_cases.hpp"
#include "tests/unit/learning/engine/reference_net.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

Model model_of(std::vector<spec::Layer> layers, Shape shape)
{
    return build_model({.name = "case", .layers = std::move(layers), .torchscript = {}}, shape);
}

Model builtin(const std::string& name) { return build_model({.name = name, .layers = {}, .torchscript = {}}, {}); }

std::vector<float> gradient_of(const Model& model, native::InstructionSet set, const std::vector<float>& parameters,
                               const Batch& batch)
{
    native::Network network{model, native::kernels(set)};
    network.take(parameters);
    std::vector<float> gradient(model.parameters.size);
    (void)network.gradient(batch, gradient);
    return gradient;
}

void check_gradient(const Model& model, std::size_t samples)
{
    const auto parameters = initial_parameters(model, 3);
    const auto data = noise(model.shape, samples, 5);
    const auto expected =
        reference_step(model, std::vector<double>(parameters.begin(), parameters.end()), data.pixels, data.labels);
    for (const auto set : native::usable_instruction_sets()) {
        const auto gradient = gradient_of(model, set, parameters, data.batch());
        for (const auto& slot : model.parameters.slots) {
            INFO(model.name << ", " << slot.name << " by " << native::name(set) << ", " << samples << " samples");
            CHECK(distance(slot, gradient, expected.gradient) < 1e-5);
        }
    }
}

}  // namespace

TEST_CASE("Each kind of layer, alone and as it is fused, has the gradient of a naive network in double precision")
{
    using namespace spec;
    const Shape grey{1, 12, 12, 5};
    const Shape colour{3, 11, 13, 4};
    const std::vector<std::pair<Shape, std::vector<Layer>>> cases{
        {grey, {Flatten{}, Linear{5}}},
        {grey, {Flatten{}, Linear{19}, Relu{}, Linear{5}}},
        {grey, {Flatten{}, Linear{33}, Tanh{}, Linear{17}, Relu{}, Relu{}, Linear{5}}},
        {colour, {Flatten{}, Linear{4}}},
        {colour, {Conv2d{4, 3, 1, 0}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{16, 3, 1, 1}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{7, 5, 2, 2}, Tanh{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 1, 1}, MaxPool2d{2, 2}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 1, 1}, MaxPool2d{3, 3}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{18, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour, {Conv2d{5, 3, 1, 1}, Relu{}, MaxPool2d{3, 2}, Flatten{}, Linear{4}}},
        {colour, {MaxPool2d{2, 1}, Conv2d{5, 1, 1, 0}, AvgPool2d{2, 2}, Relu{}, Flatten{}, Linear{4}}},
        {colour,
         {Conv2d{20, 7, 1, 3}, Relu{}, MaxPool2d{2, 2}, Conv2d{33, 3, 2, 1}, Relu{}, Conv2d{9, 2, 1, 0}, Flatten{},
          Linear{4}}},
        {grey, {Relu{}, Conv2d{3, 3, 1, 0}, AvgPool2d{3, 1}, Tanh{}, Conv2d{5, 8, 1, 0}, Flatten{}}},
        {grey, {Conv2d{32, 12, 1, 0}, Relu{}, Flatten{}, Linear{5}}},
    };
    for (std::size_t i = 0; i < cases.size(); ++i) {
        INFO("case " << i);
        const auto model = model_of(cases[i].second, cases[i].first);
        for (const std::size_t samples : {1, 5, 16, 35}) check_gradient(model, samples);
    }
    check_gradient(model_of_all_layers(), 7);
}

TEST_CASE("Each built-in model has the gradient of a naive network in double precision")
{
    for (const auto& name : builtin_model_names()) check_gradient(builtin(name), 3);
}

TEST_CASE("AVX2 and AVX-512 give the same bits")
{
    std::vector<native::InstructionSet> fused = native::usable_instruction_sets();
    std::erase(fused, native::InstructionSet::portable);
    for (const auto& name : builtin_model_names()) {
        const auto model = builtin(name);
        const auto parameters = initial_parameters(model, 1);
        const auto data = noise(model.shape, 10, 1);
        for (const auto set : fused) {
            INFO(name << " by " << native::name(set));
            CHECK(gradient_of(model, set, parameters, data.batch()) ==
                  gradient_of(model, fused.front(), parameters, data.batch()));
        }
    }
}

TEST_CASE("A sample's score doesn't depend on its neighbours in the batch or on what went before")
{
    for (const auto* const name : {"lenet5", "mlp-32"}) {
        const auto model = builtin(name);
        const auto parameters = initial_parameters(model, 1);
        const auto data = noise(model.shape, 40, 1);
        for (const auto set : native::usable_instruction_sets()) {
            native::Network network{model, native::kernels(set)};
            network.take(parameters);
            const auto whole = network.evaluate(data.batch());
            double loss_sum = 0;
            std::uint64_t correct = 0;
            for (std::size_t i = 0; i < 40; ++i) {
                const auto alone = network.evaluate(data.batch().part(i, 1));
                loss_sum += alone.loss_sum;
                correct += alone.correct;
            }
            INFO(name << " by " << native::name(set));
            CHECK(loss_sum == whole.loss_sum);
            CHECK(correct == whole.correct);
        }
    }
}

TEST_CASE("An evaluation is a training's way forward, bit for bit, by the parameters taken last")
{
    for (const auto& name : builtin_model_names()) {
        const auto model = builtin(name);
        const auto image = noise(model.shape, 1, 1);
        for (const auto set : native::usable_instruction_sets()) {
            native::Network network{model, native::kernels(set)};
            for (const std::uint64_t seed : {1, 2}) {
                const auto parameters = initial_parameters(model, seed);
                network.take(parameters);
                const auto evaluated = network.evaluate(image.batch());
                std::vector<float> gradient(model.parameters.size);
                INFO(name << " by " << native::name(set) << ", parameters " << seed);
                CHECK(evaluated.loss_sum == network.gradient(image.batch(), gradient));
            }
        }
    }
}

TEST_CASE("Logits far apart lose nothing but what float32 can't hold")
{
    const auto model = model_of({spec::Flatten{}, spec::Linear{3}}, {1, 1, 1, 3});
    const std::vector<float> parameters{0, 0, 0, 200, 0, -200};  // weights of no effect, then biases
    test::FloatBatch data;
    data.pixels = {1, 1, 1};
    data.labels = {0, 1, 2};
    for (const auto set : native::usable_instruction_sets()) {
        native::Network network{model, native::kernels(set)};
        network.take(parameters);
        CHECK(network.evaluate(data.batch()).loss_sum == Approx(0.0 + 200 + 400));
        std::vector<float> gradient(6);
        CHECK(network.gradient(data.batch(), gradient) == Approx(200));
        // By hand: probabilities are 1, 0, 0, so the biases' mean gradients are 1 - 1/3, -1/3, -1/3.
        CHECK(gradient[3] == Approx(2.0 / 3));
        CHECK(gradient[4] == Approx(-1.0 / 3));
        CHECK(gradient[5] == Approx(-1.0 / 3));
    }
}

TEST_CASE("A parameter that is no number makes a loss that is none")
{
    const auto model = builtin("small-cnn");
    auto parameters = initial_parameters(model, 1);
    parameters[0] = std::nanf("");
    const auto data = noise(model.shape, 4, 1);
    for (const auto set : native::usable_instruction_sets()) {
        native::Network network{model, native::kernels(set)};
        network.take(parameters);
        CHECK(std::isnan(network.evaluate(data.batch()).loss_sum));
    }
}
