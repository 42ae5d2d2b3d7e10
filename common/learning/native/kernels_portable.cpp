#include "common/learning/native/simd_kernels.hpp"

namespace fedgram::learning::native {

namespace {

struct Portable {
    using Register [[gnu::vector_size(16)]] = float;
    using Integers [[gnu::vector_size(16)]] = std::int32_t;
    using Bytes [[gnu::vector_size(4)]] = std::uint8_t;
    static constexpr std::size_t lanes = 4;
    static constexpr std::size_t row_tile = 2;  // x 4 registers = 8 sums, of 16 registers
    static constexpr std::size_t block_tile = 1;
    static constexpr std::size_t window_registers = 12;
    static Register broadcast(float value) { return Register{value, value, value, value}; }
    static Register multiply_add(Register a, Register b, Register c) { return a * b + c; }
    static void store_first(float* to, Register value, std::size_t count)
    {
        for (std::size_t lane = 0; lane < count; ++lane) to[lane] = value[lane];
    }
};

}  // namespace

const Kernels& portable_kernels() { return SimdKernels<Portable>::table; }

}  // namespace fedgram::learning::native
