#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fedgram::energy {

/// What numbers a device multiplies. `block_fp8` has 8 bits for each number and an exponent for a block of them.
enum class Arithmetic { fp32, fp16, bf16, block_fp8, int8 };

[[nodiscard]] std::string_view name(Arithmetic arithmetic);
/// Of a number, in whole bytes.
[[nodiscard]] std::uint64_t bytes_of(Arithmetic arithmetic);
/// In the order of `Arithmetic`.
[[nodiscard]] std::vector<Arithmetic> all_arithmetic();

}  // namespace fedgram::energy
