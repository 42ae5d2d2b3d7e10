#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace fedgram::learning {

/// The least and the largest of some values.
struct ValueRange {
    float min = 0;
    float max = 0;

    friend bool operator==(const ValueRange&, const ValueRange&) = default;
};

/// Of values that mustn't be empty. Throws DataError for one that isn't finite, as `NAME[3]`: libraries give it the
/// code -128 or 127, each its own.
[[nodiscard]] ValueRange range_of(std::span<const float> values, std::string_view name);

/// The smallest range that holds both.
[[nodiscard]] ValueRange joined(const ValueRange& one, const ValueRange& other);

/// What was observed. Throws SpecError where nothing was.
[[nodiscard]] ValueRange observed(const std::optional<ValueRange>& range);

/// What `range_of` says of a value that isn't finite, which is called `name`.
[[noreturn]] void refuse_not_finite(float value, const std::string& name);

}  // namespace fedgram::learning
