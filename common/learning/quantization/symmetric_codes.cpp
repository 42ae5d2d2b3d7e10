#include "common/learning/quantization/symmetric_codes.hpp"

#include <cassert>

#include "common/learning/updates/largest_magnitude.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

constexpr auto codes_of = [] [[gnu::always_inline]] (const float* __restrict values, float scale,
                                                     std::int8_t* __restrict codes, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) codes[i] = symmetric_code(values[i], scale);
};

}  // namespace

std::vector<float> symmetric_scales(std::span<const float> values, std::size_t parts)
{
    assert(values.size() % parts == 0);
    const std::size_t size = values.size() / parts;
    std::vector<float> scales;
    for (std::size_t part = 0; part < parts; ++part)
        scales.push_back(symmetric_scale(largest_magnitude(values.subspan(part * size, size))));
    return scales;
}

std::vector<std::int8_t> symmetric_codes(std::span<const float> values, std::span<const float> scales)
{
    assert(values.size() % scales.size() == 0);
    const std::size_t size = values.size() / scales.size();
    std::vector<std::int8_t> codes(values.size());
    for (std::size_t part = 0; part < scales.size(); ++part)
        for_this_cpu<codes_of>(values.data() + part * size, scales[part], codes.data() + part * size, size);
    return codes;
}

std::vector<float> symmetric_values(std::span<const std::int8_t> codes, std::span<const float> scales)
{
    assert(codes.size() % scales.size() == 0);
    const std::size_t size = codes.size() / scales.size();
    std::vector<float> values(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) values[i] = scales[i / size] * static_cast<float>(codes[i]);
    return values;
}

}  // namespace fedgram::learning
