#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <type_traits>
#include <vector>

#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/quantize_model.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"
#include "tests/unit/learning/quantization/reference_int8.hpp"

namespace fedgram::learning {

/// A convolution or linear layer in int8, behind which a ReLU may stand.
template <class Kind>
struct OneLayer {
    Kind kind;
    QuantizedLayer codes;
    Shape input;
    std::vector<std::int64_t> output;
    bool has_relu = false;

    /// Where a code is cut below.
    [[nodiscard]] std::int32_t lowest() const { return has_relu ? codes.output.zero_point : 0; }
};

/// How many of another engine's codes are those of the reference.
struct CodeAgreement {
    std::size_t codes = 0;
    std::size_t equal = 0;
    int farthest = 0;  ///< the largest difference of two codes

    void add(const std::vector<std::uint8_t>& one, const std::vector<std::uint8_t>& other)
    {
        for (std::size_t i = 0; i < one.size(); ++i) {
            const int distance = std::abs(int{one[i]} - int{other.at(i)});
            ++codes;
            equal += distance == 0 ? 1 : 0;
            farthest = std::max(farthest, distance);
        }
    }
};

/// The addition of a residual: the codes of both sides, and who tells them and the sum.
struct Addition {
    Quantizer one{};
    Quantizer other{};
    Quantizer sum{};
    std::vector<std::uint8_t> a{};
    std::vector<std::uint8_t> b{};
};

/// Of all codes to a few others, whose sum is told in twice their unit: half of the sums are halfway between two codes.
[[nodiscard]] inline Addition addition_of_halves()
{
    Addition addition{{1, 0}, {1, 0}, {2, 0}};
    for (int i = 0; i < 256; ++i)
        for (const int j : {0, 1, 2, 101}) {
            addition.a.push_back(static_cast<std::uint8_t>(i));
            addition.b.push_back(static_cast<std::uint8_t>(j));
        }
    return addition;
}

/// Its sums with halves rounded up; ours go to the even code.
[[nodiscard]] inline std::vector<std::uint8_t> rounded_up(const Addition& halves)
{
    std::vector<std::uint8_t> codes;
    for (std::size_t i = 0; i < halves.a.size(); ++i)
        codes.push_back(static_cast<std::uint8_t>((halves.a[i] + halves.b[i] + 1) / 2));
    return codes;
}

/// Of additions of random codes: how many that `add(addition)` gives are the codes of the float sum.
template <class Add>
[[nodiscard]] CodeAgreement agreement_of_additions(const Add& add)
{
    CodeAgreement agreement;
    Stream random{7, Purpose::probe};
    for (int trial = 0; trial < 20; ++trial) {
        const auto end = [&] { return static_cast<float>(.5 + 3 * random.uniform()); };
        Addition addition{affine_quantizer({-end(), end()}), affine_quantizer({-end(), end()}),
                          affine_quantizer({-end(), end()})};
        std::vector<std::uint8_t> expected;
        for (int i = 0; i < 1000; ++i) {
            addition.a.push_back(static_cast<std::uint8_t>(random.below(256)));
            addition.b.push_back(static_cast<std::uint8_t>(random.below(256)));
            expected.push_back(code_of(
                value_of(addition.a.back(), addition.one) + value_of(addition.b.back(), addition.other), addition.sum));
        }
        agreement.add(expected, add(addition));
    }
    return agreement;
}

/// Runs layers of random weights and inputs by the reference and by `engine`, which is called with OneLayer and the
/// input's codes, [channel][row][column].
template <class Engine>
class AgreementWith {
public:
    explicit AgreementWith(Engine engine) : engine_{engine} {}

    /// Of convolutions with a scale for each channel, and linear layers with one for all.
    CodeAgreement operator()()
    {
        for (seed_ = 1; seed_ <= 4; ++seed_) {
            compare(spec::Conv2d{8, 3, 1, 1}, {3, 11, 9, 2}, WeightScales::per_channel);
            compare(spec::Conv2d{5, 3, 2, 1}, {16, 8, 8, 2}, WeightScales::per_channel);
            compare(spec::Conv2d{17, 5}, {1, 12, 12, 2}, WeightScales::per_channel);
            compare(spec::Conv2d{24, 1}, {7, 6, 5, 2}, WeightScales::per_channel);
            compare(spec::Linear{33}, {1, 1, 50, 2}, WeightScales::per_tensor);
            compare(spec::Linear{10}, {1, 28, 28, 2}, WeightScales::per_tensor);
        }
        return agreement_;
    }

private:
    template <class Kind>
    void compare(const Kind& kind, const Shape& shape, WeightScales scales)
    {
        for (const bool has_relu : {false, true}) {
            constexpr bool is_flat = std::is_same_v<Kind, spec::Linear>;
            std::vector<spec::Layer> layers{kind};
            if (is_flat) layers.insert(layers.begin(), spec::Flatten{});
            if (has_relu) layers.emplace_back(spec::Relu{});
            if (!is_flat) layers.emplace_back(spec::Flatten{});
            layers.emplace_back(spec::Linear{2});  // a model ends by logits
            const auto model = of_layers(layers, shape);
            // An output range that some sums leave.
            const std::vector<ValueRange> ranges{{-1, 2}, {has_relu ? 0.0F : -.9F, 1.1F}, {-1, 1}};
            const auto quantized = quantize_model(
                model, uniform_values(model.parameters.size, -width(kind, shape), width(kind, shape), seed_), ranges,
                scales);
            const auto sample = uniform_values(pixels(shape), -1, 2, seed_ + 100);
            const std::size_t place = is_flat ? 1 : 0;
            const OneLayer<Kind> layer{kind, quantized.layers.front(), shape, model.layers[place].output_shape,
                                       has_relu};
            agreement_.add(reference_int8_codes(quantized, sample)[place],
                           engine_(layer, quantize(sample, layer.codes.input, "sample")));
        }
    }

    static std::size_t pixels(const Shape& shape) { return std::size_t{shape.channels} * shape.height * shape.width; }

    // Of weights, so that most sums lie within the range.
    static double width(const spec::Conv2d& conv, const Shape& shape)
    {
        return 1 / std::sqrt(static_cast<double>(conv.kernel * conv.kernel * shape.channels));
    }
    static double width(const spec::Linear&, const Shape& shape)
    {
        return 1 / std::sqrt(static_cast<double>(pixels(shape)));
    }

    Engine engine_;
    CodeAgreement agreement_{};
    std::uint64_t seed_ = 0;
};

}  // namespace fedgram::learning
