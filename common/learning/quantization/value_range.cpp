#include "common/learning/quantization/value_range.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstddef>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

ValueRange range_of(std::span<const float> values, std::string_view name)
{
    assert(!values.empty());
    ValueRange range{values[0], values[0]};
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) refuse_not_finite(values[i], std::string{name} + "[" + std::to_string(i) + "]");
        range.min = std::min(range.min, values[i]);
        range.max = std::max(range.max, values[i]);
    }
    return range;
}

ValueRange joined(const ValueRange& one, const ValueRange& other)
{
    return {std::min(one.min, other.min), std::max(one.max, other.max)};
}

ValueRange observed(const std::optional<ValueRange>& range)
{
    if (!range) throw SpecError{"calibration: no activations were observed; give it at least one batch of samples"};
    return *range;
}

void refuse_not_finite(float value, const std::string& name)
{
    throw DataError{name + " is " + text::shortest(static_cast<double>(value)) +
                    ", which has no code; only finite values can be quantized"};
}

}  // namespace fedgram::learning
