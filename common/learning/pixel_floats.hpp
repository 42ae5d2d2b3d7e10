#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fedgram::learning {

/// floats[i] = scale * bytes[i] + offset for `count` bytes, computed in double precision and rounded once.
using ToFloats = void (*)(const std::uint8_t* bytes, std::size_t count, double scale, double offset, float* floats);

/// One for each instruction set that this CPU has, the fastest last. All give the same bits.
[[nodiscard]] std::vector<ToFloats> usable_to_floats();

}  // namespace fedgram::learning
