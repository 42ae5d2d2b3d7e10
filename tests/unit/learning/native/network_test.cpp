#include "common/learning/native/network.hpp"

#include <algorithm>
#include <array>
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

// All built-in models; those for images of any size on small ones.
std::vector<Model> builtin_models()
{
    std::vector<Model> models;
    for (const auto& name : builtin_model_names()) {
        const bool any_size =
            name == "resnet-8" || name == "ds-cnn" || name.starts_with("mobilenet") || name == "resnet-18-gn";
        models.push_back(
            build_model({.name = name, .layers = {}, .torchscript = {}}, any_size ? Shape{2, 8, 9, 10} : Shape{}));
    }
    return models;
}

// Whether it trains by the batch's statistics, or by chance.
bool trains_otherwise(const Model& model)
{
    return std::ranges::any_of(all_layers(model), [](const auto* info) {
        return std::holds_alternative<spec::BatchNorm>(info->layer) ||
               std::holds_alternative<spec::Dropout>(info->layer);
    });
}

std::vector<float> gradient_of(const Model& model, native::InstructionSet set, const std::vector<float>& parameters,
                               const Batch& batch)
{
    native::Network network{model, native::kernels(set)};
    network.take(parameters);
    std::vector<float> gradient(model.parameters.size);
    (void)network.gradient(batch, gradient);
    return gradient;
}

void check_gradient(const Model& model, std::size_t samples, double tolerance = 1e-5)
{
    const auto parameters = initial_parameters(model, 3);
    const auto data = noise(model.shape, samples, 5);
    const auto expected =
        reference_step(model, std::vector<double>(parameters.begin(), parameters.end()), data.pixels, data.labels);
    for (const auto set : native::usable_instruction_sets()) {
        const auto gradient = gradient_of(model, set, parameters, data.batch());
        for (const auto& slot : model.parameters.slots) {
            INFO(model.name << ", " << slot.name << " by " << native::name(set) << ", " << samples << " samples");
            if (slot.is_trained) CHECK(distance(slot, gradient, expected.gradient) < tolerance);
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
    for (const auto& model : models_of_newer_layers())
        for (const std::size_t samples : {2, 9}) check_gradient(model, samples, 1e-4);
}

TEST_CASE("Each built-in model has the gradient of a naive network in double precision")
{
    for (auto& model : builtin_models()) {
        // The first is 100 million naive products; the second normalizes by the three values of a last single pixel,
        // which is as good as chance. Their kinds of layers are in other models.
        if (model.name == "resnet-18-gn" || model.name == "mobilenet-v1-025") continue;
        // By three samples' statistics gradients are the differences of much larger numbers.
        const double tolerance = trains_otherwise(model) ? 1e-3 : 1e-5;
        for (auto& layer : model.layers)
            if (auto* dropout = std::get_if<spec::Dropout>(&layer.layer)) dropout->probability = 0;
        check_gradient(model, 3, tolerance);
    }
}

TEST_CASE("AVX2 and AVX-512 give the same bits")
{
    std::vector<native::InstructionSet> fused = native::usable_instruction_sets();
    std::erase(fused, native::InstructionSet::portable);
    auto models = builtin_models();
    for (auto& model : models_of_newer_layers()) models.push_back(std::move(model));
    for (const auto& model : models) {
        const auto parameters = initial_parameters(model, 1);
        const auto data = noise(model.shape, 10, 1);
        for (const auto set : fused) {
            INFO(model.name << " by " << native::name(set));
            CHECK(gradient_of(model, set, parameters, data.batch()) ==
                  gradient_of(model, fused.front(), parameters, data.batch()));
        }
    }
}

TEST_CASE("A sample's score doesn't depend on its neighbours in the batch or on what went before")
{
    for (const auto* const name : {"lenet5", "mlp-32", "resnet-8", "ds-cnn", "mobilenet-v1-025"}) {
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
    for (const auto& model : builtin_models()) {
        if (trains_otherwise(model)) continue;
        const auto image = noise(model.shape, 1, 1);
        for (const auto set : native::usable_instruction_sets()) {
            native::Network network{model, native::kernels(set)};
            for (const std::uint64_t seed : {1, 2}) {
                const auto parameters = initial_parameters(model, seed);
                network.take(parameters);
                const auto evaluated = network.evaluate(image.batch());
                std::vector<float> gradient(model.parameters.size);
                INFO(model.name << " by " << native::name(set) << ", parameters " << seed);
                CHECK(evaluated.loss_sum == network.gradient(image.batch(), gradient));
            }
        }
    }
}

TEST_CASE("A batch that goes by parts has the gradient of the whole")
{
    // A part holds two samples of 5 channels of 60 x 50.
    using namespace spec;
    const auto model = model_of({Conv2d{5, 3, 1, 1}, BatchNorm{}, Relu{},
                                 Residual{{Conv2d{.channels = 5, .kernel = 3, .padding = 1, .groups = 5}, BatchNorm{}}},
                                 Relu{}, GlobalAvgPool2d{}, Flatten{}, Linear{4}},
                                {1, 60, 50, 4});
    check_gradient(model, 5, 1e-3);
}

TEST_CASE("What is held for a part alone is held for all stages that want it")
{
    // A part holds one sample of 6 channels of 80 x 70. Kernels and strides of the depthwise convolutions want
    // another border around their gradient each, or zeros where no place of the kernel meets the input.
    using namespace spec;
    const auto conv = [](std::uint32_t kernel, std::uint32_t stride, std::uint32_t groups) {
        return Conv2d{
            .channels = 6, .kernel = kernel, .stride = stride, .padding = kernel / 2, .groups = groups, .bias = false};
    };
    const auto model = model_of(
        {conv(3, 1, 1), BatchNorm{},   Relu{},        Dropout{0},        conv(3, 1, 6), BatchNorm{},   Relu6{},
         conv(1, 2, 6), BatchNorm{},   conv(1, 1, 1), BatchNorm{},       Dropout{0},    conv(5, 2, 6), BatchNorm{},
         Relu{},        conv(3, 1, 2), BatchNorm{},   GlobalAvgPool2d{}, Flatten{},     Linear{4}},
        {1, 80, 70, 4});
    check_gradient(model, 3, 1e-3);
}

TEST_CASE("With dropouts between its parts a batch's loss falls along its gradient as that says")
{
    using namespace spec;
    const auto model =
        model_of({Conv2d{5, 3, 1, 1}, BatchNorm{}, Relu{}, Dropout{0.25},
                  Conv2d{.channels = 5, .kernel = 3, .padding = 1, .groups = 5}, BatchNorm{}, Relu{},
                  Conv2d{7, 1, 1, 0}, BatchNorm{}, Relu{}, Dropout{0.5}, GlobalAvgPool2d{}, Flatten{}, Linear{4}},
                 {1, 60, 50, 4});
    const auto parameters = initial_parameters(model, 3);
    const auto data = noise(model.shape, 5, 5);
    for (const auto set : native::usable_instruction_sets()) {
        native::Network network{model, native::kernels(set)};
        std::vector<float> gradient(model.parameters.size);
        const auto loss_at = [&](double along, std::vector<float>& slope) {
            auto moved = parameters;
            for (std::size_t i = 0; i < moved.size(); ++i) moved[i] += static_cast<float>(along) * gradient[i];
            network.take(moved);
            network.draw_by(7, 2);
            return network.gradient(data.batch(), slope);
        };
        auto at_rest = gradient;
        static_cast<void>(loss_at(0, at_rest));
        gradient = at_rest;
        double slope = 0;
        for (const float each : gradient) slope += static_cast<double>(each) * each;
        std::vector<float> unused(gradient.size());
        constexpr double step = 1e-3;
        INFO(native::name(set));
        CHECK((loss_at(step, unused) - loss_at(-step, unused)) / (2 * step) == Approx(slope).epsilon(0.01));
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

namespace {

// Doubles activations, as the layer before them does whose weight and bias are doubled.
class DoublingView final : public native::ActivationView {
public:
    void apply(std::size_t point, std::span<float> activations) override
    {
        points.push_back(point);
        for (float& value : activations) value *= 2;
    }
    void pull_back(std::size_t, std::span<const float> activations, std::span<float> gradient) override
    {
        REQUIRE(activations.size() == gradient.size());
        for (float& value : gradient) value *= 2;
    }
    std::vector<std::size_t> points{};
};

// Of a layer's weight or bias, in place.
void multiply(const Model& model, const std::string& slot_name, float factor, std::span<float> values)
{
    const auto slot = std::ranges::find(model.parameters.slots, slot_name, &ParameterSlot::name);
    REQUIRE(slot != model.parameters.slots.end());
    for (float& value : values.subspan(slot->offset, slot->size)) value *= factor;
}

}  // namespace

TEST_CASE("What a view makes of activations is what the layers behind compute on with")
{
    using namespace spec;
    const Residual block{.layers = {Conv2d{6, 3, 1, 1}, Relu{}, Conv2d{4, 3, 1, 1}}};
    const auto model =
        model_of({Conv2d{4, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, block, Relu{}, Flatten{}, Linear{7}, Relu{}, Linear{3}},
                 {2, 9, 8, 3});
    const auto& residual = model.layers[3];
    DoublingView view;
    const std::array<const LayerInfo*, 6> points{&model.layers[1], &residual.body[1], &residual.body[2],
                                                 &model.layers[4], &model.layers[7],  &model.layers[8]};
    const auto parameters = initial_parameters(model, 3);
    // What each layer gives is doubled; the first has the doubled input besides, and the linear one behind the residual
    // the doubled sum. Doubling rounds nothing, so the bits are the same.
    auto doubled = parameters;
    const auto scale = [&](std::span<float> values) {
        for (const auto& layer :
             {model.layers[0], residual.body[0], residual.body[2], model.layers[6], model.layers[8]}) {
            const bool is_twice = layer.name == model.layers[0].name || layer.name == model.layers[6].name;
            multiply(model, layer.name + ".weight", is_twice ? 4 : 2, values);
            multiply(model, layer.name + ".bias", 2, values);
        }
    };
    scale(doubled);
    const auto data = noise(model.shape, 5, 5);
    for (const auto set : native::usable_instruction_sets()) {
        INFO(native::name(set));
        native::Network viewed{model, native::kernels(set), nullptr, {&view, points}};
        viewed.take(parameters);
        std::vector<float> gradient(model.parameters.size);
        view.points.clear();
        static_cast<void>(viewed.gradient(data.batch(), gradient));
        CHECK(view.points == std::vector<std::size_t>{0, 1, 2, 3, 4, 5, 6});
        auto expected = gradient_of(model, set, doubled, data.batch());
        scale(expected);
        CHECK(gradient == expected);
    }
}
