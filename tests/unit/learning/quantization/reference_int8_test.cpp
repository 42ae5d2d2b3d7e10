#include "tests/unit/learning/quantization/reference_int8.hpp"

#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/fused_layers.hpp"
#include "common/learning/quantization/quantize_model.hpp"
#include "common/learning/quantization/range_observer.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"
#include "tests/unit/learning/quantization/float_layers.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

using Codes = std::vector<std::uint8_t>;

Model small_cnn()
{
    using namespace spec;
    return of_layers({Conv2d{6, 3, 1, 1}, Relu{}, MaxPool2d{2, 2}, Conv2d{8, 3, 2, 1}, AvgPool2d{2, 1}, Flatten{},
                      Linear{16}, Relu{}, Linear{5}},
                     {2, 12, 12, 5});
}

std::vector<float> sample_of(const Model& model, std::uint64_t seed)
{
    return uniform_values(std::size_t{model.shape.channels} * model.shape.height * model.shape.width, -1, 2, seed);
}

std::vector<ValueRange> observed_ranges(const Model& model, const std::vector<float>& parameters, std::uint64_t samples)
{
    const auto layers = fused_layers(model);
    std::vector<MinMaxObserver> observers(layers.size() + 1);
    for (std::uint64_t seed = 0; seed < samples; ++seed) {
        const auto sample = sample_of(model, seed);
        const auto outputs = float_layers(model, parameters, sample);
        observers[0].observe(sample);
        for (std::size_t i = 0; i < layers.size(); ++i) observers[i + 1].observe(outputs[layers[i].output]);
    }
    std::vector<ValueRange> ranges;
    for (const auto& observer : observers) ranges.push_back(observer.range());
    return ranges;
}

// The root mean square of how far the int8 logits are from the float ones.
double logit_error(const Model& model, const std::vector<float>& parameters, const QuantizedModel& quantized)
{
    double squares = 0;
    double count = 0;
    for (std::uint64_t seed = 100; seed < 130; ++seed) {
        const auto sample = sample_of(model, seed);
        const auto logits = reference_int8_logits(quantized, sample);
        const auto exact = float_layers(model, parameters, sample).back();
        for (std::size_t i = 0; i < logits.size(); ++i, ++count)
            squares += std::pow(static_cast<double>(logits[i] - exact[i]), 2);
    }
    return std::sqrt(squares / count);
}

}  // namespace

TEST_CASE("A linear layer in int8 has the codes that are worked out by hand", "[quantization]")
{
    const auto model = of_layers({spec::Flatten{}, spec::Linear{3}, spec::Relu{}, spec::Linear{2}}, {1, 1, 2, 2});
    // Inputs in steps of 1 with 0 at 10, weights of 1; a hidden code is a sum / 4, a logit's a hidden sum x 4 / 2 +
    // 100.
    const std::vector<float> parameters{
        127, 1, -127, 3,    4, -127, 1.5F, 0, -.5F,  // 1.5 goes to 2 units, -0.5 to 0
        127, 0, 1,    -127, 1, 0,    0,    6,        // 6 is 1.5 units of 4, and goes to 2
    };
    const auto quantized = quantize_model(
        model, parameters, std::vector<ValueRange>{{-10, 245}, {0, 1020}, {-200, 310}}, WeightScales::per_tensor);
    const auto& hidden = quantized.layers[0];
    const auto& logits = quantized.layers[1];
    CHECK(hidden.input == Quantizer{1, 10});
    CHECK(hidden.weights == std::vector<std::int8_t>{127, 1, -127, 3, 4, -127});
    CHECK(hidden.weight_scales == std::vector<float>{1});
    CHECK(hidden.biases == std::vector<std::int32_t>{2, 0, 0});
    CHECK(hidden.output == Quantizer{4, 0});
    CHECK(logits.input == hidden.output);
    CHECK(logits.biases == std::vector<std::int32_t>{0, 2});
    CHECK(logits.output == Quantizer{2, 100});

    // 2, -4: 254 - 4 + 2 = 252 is 63; -254 - 12 is below 0; 8 + 508 = 516 is 129.
    const std::vector<float> sample{2.4F, -4};
    const auto codes = reference_int8_codes(quantized, sample);
    CHECK(codes[0] == Codes{12, 6});
    CHECK(codes[1] == Codes{63, 0, 129});
    CHECK(codes[2] == codes[1]);
    // 127 x 63 + 129 = 8,130, times 2 plus 100 is above 255; -127 x 63 + 2 is far below 0.
    CHECK(codes[3] == Codes{255, 0});
    CHECK(reference_int8_logits(quantized, sample) == std::vector<float>{310, -200});
    // 0 and 2: 4 / 4 = 1, 6 / 4 = 1.5 goes to 2, and -6 is below 0.
    CHECK(reference_int8_codes(quantized, std::vector<float>{0, 2})[1] == Codes{1, 2, 0});
    // 0 and 0: 2 / 4 = 0.5 goes to the even 0. The bias alone is left: 2 x 2 + 100.
    CHECK(reference_int8_codes(quantized, std::vector<float>{0, 0})[1] == Codes{0, 0, 0});
    CHECK(reference_int8_codes(quantized, std::vector<float>{0, 0})[3] == Codes{100, 104});
}

TEST_CASE("Padding is the code of 0, a maximum that of codes, and an average rounded half to even", "[quantization]")
{
    using namespace spec;
    const auto padded = of_layers({Conv2d{1, 3, 1, 1}, Flatten{}}, {1, 1, 1, 1});
    // All weights but the middle one lie on padding. 2 x 127 in steps of 2 around 0.
    const auto conv = quantize_model(padded, std::vector<float>{9, 9, 9, 9, 127, 9, 9, 9, 9, 0},
                                     std::vector<ValueRange>{{-100, 155}, {-256, 254}}, WeightScales::per_channel);
    CHECK(reference_int8_codes(conv, std::vector<float>{2})[0] == Codes{255});
    CHECK(reference_int8_codes(conv, std::vector<float>{1})[0] == Codes{192});  // 63.5 goes to 64
    CHECK(reference_int8_codes(conv, std::vector<float>{0})[0] == Codes{128});

    // An identity in front, so that codes come through: steps of 1 around 50, weights of 1.
    const auto pooled = [](const Layer& pool, const std::vector<float>& sample) {
        const auto model = of_layers({pool, Flatten{}, Linear{1}}, {1, 2, 2, 1});
        const auto quantized = quantize_model(model, std::vector<float>{127, 0},
                                              std::vector<ValueRange>{{-50, 205}, {0, 1}}, WeightScales::per_tensor);
        return reference_int8_codes(quantized, sample)[0];
    };
    CHECK(pooled(MaxPool2d{2, 2}, {-3, -50, -4, -9}) == Codes{47});
    CHECK(pooled(AvgPool2d{2, 2}, {0, 1, 0, 1}) == Codes{50});     // 50.5
    CHECK(pooled(AvgPool2d{2, 2}, {1, 2, 1, 2}) == Codes{52});     // 51.5
    CHECK(pooled(AvgPool2d{2, 2}, {1, 1, 1, 2}) == Codes{51});     // 51.25
    CHECK(pooled(AvgPool2d{2, 2}, {-1, 0, -1, -1}) == Codes{49});  // 49.25
}

TEST_CASE("Each layer's codes are those of a float layer that is fed what the codes before tell", "[quantization]")
{
    const auto model = small_cnn();
    const auto parameters = initial_parameters(model, 3);
    const auto quantized =
        quantize_model(model, parameters, observed_ranges(model, parameters, 20), WeightScales::per_channel);
    // Parameters as their codes tell them, and one network of one layer after the other.
    std::vector<float> told;
    for (const auto& layer : quantized.layers) {
        const auto weights = symmetric_values(layer.weights, layer.weight_scales);
        told.insert(told.end(), weights.begin(), weights.end());
        for (std::size_t channel = 0; channel < layer.biases.size(); ++channel)
            told.push_back(static_cast<float>(layer.biases[channel]) * layer.input.scale *
                           layer.weight_scales[channel]);
    }
    const auto layers = fused_layers(model);
    const auto sample = sample_of(model, 200);
    const auto codes = reference_int8_codes(quantized, sample);
    std::size_t taken = 0;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const std::size_t place = layers[i].layer;
        const auto& input = quantized.layers[i].input;
        Model alone = model;
        alone.layers = {model.layers[place]};
        if (layers[i].has_relu()) alone.layers.push_back(model.layers[layers[i].output]);
        const auto in = place == 0 ? quantize(sample, input, "sample") : codes[place - 1];
        if (place > 0 && model.layers[place - 1].output_shape.size() == 3) {
            const auto& shape = model.layers[place - 1].output_shape;
            alone.shape = {static_cast<std::uint32_t>(shape[0]), static_cast<std::uint32_t>(shape[1]),
                           static_cast<std::uint32_t>(shape[2]), 1};
        } else if (place > 0) {
            alone.shape = {static_cast<std::uint32_t>(in.size()), 1, 1, 1};
        }
        const auto exact = float_layers(alone, std::span{told}.subspan(taken), dequantize(in, input)).back();
        taken += model.layers[place].parameters;
        const auto& got = codes[layers[i].output];
        REQUIRE(got.size() == exact.size());
        for (std::size_t output = 0; output < got.size(); ++output) {
            const float error = std::abs(value_of(got[output], quantized.layers[i].output) -
                                         std::clamp(exact[output], value_of(0, quantized.layers[i].output),
                                                    value_of(255, quantized.layers[i].output)));
            REQUIRE(error <= quantized.layers[i].output.scale * .501F);
        }
    }
}

TEST_CASE("Int8 logits are near the float ones, and nearer with a scale for each channel", "[quantization]")
{
    const auto model = small_cnn();
    auto parameters = initial_parameters(model, 3);
    // Channels of the first layer that differ in size, as trained ones do, and the next layer's weights that undo it.
    for (std::size_t channel = 0; channel < 6; ++channel) {
        const float factor = std::ldexp(1.0F, -static_cast<int>(channel));
        for (std::size_t i = 0; i < 18; ++i) parameters[channel * 18 + i] *= factor;
        parameters[6 * 18 + channel] *= factor;
    }
    const auto ranges = observed_ranges(model, parameters, 20);
    const double scale = static_cast<double>(affine_quantizer(ranges.back()).scale);
    const double by_channel =
        logit_error(model, parameters, quantize_model(model, parameters, ranges, WeightScales::per_channel));
    const double by_tensor =
        logit_error(model, parameters, quantize_model(model, parameters, ranges, WeightScales::per_tensor));
    CHECK(by_channel < by_tensor);
    CHECK(by_channel < 2 * scale);
    CHECK(by_channel > .2 * scale);  // a logit's own rounding is 0.29 of its scale
}
