#include "common/learning/quantization/fake_quantization.hpp"

#include <cassert>
#include <cmath>
#include <cstddef>

#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/symmetric_codes.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

constexpr auto most_weight = static_cast<float>(most_weight_code);

constexpr auto told = [] [[gnu::always_inline]] (float* values, Quantizer quantizer, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = value_of(code_of(values[i], quantizer), quantizer);
};

constexpr auto passed = [] [[gnu::always_inline]] (const float* __restrict values, Quantizer quantizer,
                                                   float* __restrict gradient, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        const float place = place_of(values[i], quantizer);
        gradient[i] = place >= 0 && place <= most_code ? gradient[i] : 0;
    }
};

constexpr auto told_weights = [] [[gnu::always_inline]] (float* values, float scale, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) values[i] = scale * static_cast<float>(symmetric_code(values[i], scale));
};

constexpr auto passed_weights = [] [[gnu::always_inline]] (const float* __restrict values, float scale,
                                                           float* __restrict gradient, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i)
        gradient[i] = std::abs(std::nearbyint(values[i] / scale)) <= most_weight ? gradient[i] : 0;
};

}  // namespace

void fake_quantize(std::span<float> activations, const Quantizer& quantizer)
{
    for_this_cpu<told>(activations.data(), quantizer, activations.size());
}

void pass_through(std::span<const float> activations, const Quantizer& quantizer, std::span<float> gradient)
{
    assert(activations.size() == gradient.size());
    for_this_cpu<passed>(activations.data(), quantizer, gradient.data(), gradient.size());
}

void fake_quantize_weights(std::span<float> weights, std::span<const float> scales)
{
    assert(weights.size() % scales.size() == 0);
    const std::size_t size = weights.size() / scales.size();
    for (std::size_t part = 0; part < scales.size(); ++part)
        for_this_cpu<told_weights>(weights.data() + part * size, scales[part], size);
}

void pass_through_weights(std::span<const float> weights, std::span<const float> scales, std::span<float> gradient)
{
    assert(weights.size() == gradient.size() && weights.size() % scales.size() == 0);
    const std::size_t size = weights.size() / scales.size();
    for (std::size_t part = 0; part < scales.size(); ++part)
        for_this_cpu<passed_weights>(weights.data() + part * size, scales[part], gradient.data() + part * size, size);
}

}  // namespace fedgram::learning
