#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

/// A tensor as a map, a bit for each value from each byte's lowest up, and the values that aren't 0.
class BitmapForm {
public:
    [[nodiscard]] static std::uint64_t bytes(std::span<const float> values);
    static void append(std::span<const float> values, std::vector<std::byte>& to);
    /// Fills `values`, which are 0, from bytes that hold nothing else. Throws DataError for what `append` doesn't
    /// write.
    static void read(std::span<const std::byte> bytes, std::span<float> values);
};

}  // namespace fedgram::learning
