#include "common/learning/levers/quantized_activations.hpp"

#include <algorithm>
#include <array>
#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/native/network.hpp"
#include "common/learning/quantization/affine_quantizer.hpp"
#include "tests/unit/learning/levers/lever_bench.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using namespace fedgram::test;

namespace {

// One sample as it is.
class Image final : public Images {
public:
    explicit Image(std::vector<float> values) : values_{std::move(values)} {}
    void write(std::size_t, float* to) const override { std::copy(values_.begin(), values_.end(), to); }

private:
    std::vector<float> values_;
};

// Two inputs, two hidden features behind a ReLU, two logits, all of them points.
class TinyNetwork {
public:
    std::vector<float> gradient(const std::vector<float>& input, const std::vector<float>& parameters)
    {
        network_.take(parameters);
        const Image image{input};
        const std::vector<std::int64_t> labels{0};
        std::vector<float> gradient(parameters.size());
        network_.gradient({image, labels}, gradient);
        return gradient;
    }
    [[nodiscard]] std::vector<ValueRange> ranges() const { return activations_.ranges(); }

private:
    Model model_ = build_model(
        {.name = "tiny", .layers = {spec::Flatten{}, spec::Linear{2}, spec::Relu{}, spec::Linear{2}}}, {1, 1, 2, 2});
    QuantizedActivations activations_{2};
    std::array<const LayerInfo*, 2> points_{&model_.layers[2], &model_.layers[3]};
    native::Network network_{
        model_, native::kernels(native::usable_instruction_sets().back()), nullptr, {&activations_, points_}};
};

}  // namespace

TEST_CASE("A tiny network's gradient through codes, by hand", "[levers]")
{
    TinyNetwork network;
    const std::vector<float> output{1.0F / 256, 0, 1.0F / 512, 1.0F / 256, 0, 0};  // weights by row, biases
    const auto parameters = [&](float weight) {
        std::vector<float> all{weight, 0, 0, weight, 0, 0};
        all.insert(all.end(), output.begin(), output.end());
        return all;
    };
    // Steps of 1 for the input and the hidden features, of 1 / 256 for the logits 255 / 256 and 357 / 512.
    static_cast<void>(network.gradient({255, 51}, parameters(1)));
    CHECK(network.ranges() == std::vector<ValueRange>{{51, 255}, {51, 255}, {357.0F / 512, 255.0F / 256}});

    // Each end moves by a hundredth. The input ends at 255.45, so 300 is cut and 10.4 is 10 steps, 10.01765. Hidden are
    // 510.9, cut to 257.559, and 20.03529, 20 steps of 1.010035. The first logit, 1.00609, is cut to 0.996194; the
    // second, 0.581957, is 149 steps of 0.0039066, 0.582090. So its softmax is 0.397928. Nothing goes back through what
    // was cut: the first logit and the first hidden feature.
    const auto gradient = network.gradient({300, 10.4F}, parameters(2));
    const std::vector<double> first{0, 0, 0.39707353, 0.015571511, 0, 0.001554408};
    const std::vector<double> second{0, 0, 102.49006, 8.0384357, 0, 0.39792846};
    for (std::size_t i = 0; i < 6; ++i) {
        CAPTURE(i);
        CHECK(gradient[i] == Approx(first[i]).epsilon(2e-5));
        CHECK(gradient[6 + i] == Approx(second[i]).epsilon(2e-5));
    }
    CHECK(network.ranges()[0].max == Approx(255.45));
    CHECK(network.ranges()[1].max == Approx(257.559));
}

TEST_CASE("An activation that isn't finite ends the training that it is of", "[levers]")
{
    QuantizedActivations activations{0};
    std::vector<float> values{1, std::numeric_limits<float>::infinity()};
    CHECK_THROWS_AS(activations.ranges(), SpecError);
    CHECK_THROWS_WITH(activations.apply(0, values),
                      "activation[1] is inf, which has no code; only finite values can be quantized; its training has "
                      "diverged; use a lower learning_rate");
}
