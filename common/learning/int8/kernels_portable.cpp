#include "common/learning/int8/simd_kernels.hpp"

namespace fedgram::learning::int8 {

namespace {

struct Portable {
    using Integers [[gnu::vector_size(16)]] = std::int32_t;
    using Floats [[gnu::vector_size(16)]] = float;
    using Shorts [[gnu::vector_size(16)]] = std::int16_t;
    struct Pairs {
        Shorts even;
        Shorts odd;
    };
    using Codes = Pairs;
    using Weights = Pairs;
    static constexpr std::size_t lanes = 4;
    static constexpr bool widened = true;
    static constexpr std::size_t group_blocks = 1;
    static constexpr std::size_t pixel_tile = 2;  // x 4 registers = 8 sums, of 16 registers
    static constexpr std::size_t pooled_tile = 1;
    static constexpr std::size_t depthwise_tile = 2;

    static Codes broadcast(std::int32_t quad)
    {
        std::uint8_t codes[4];
        __builtin_memcpy(codes, &quad, sizeof codes);
        const auto pairs = [](std::int16_t a, std::int16_t b) { return Shorts{a, b, a, b, a, b, a, b}; };
        return {pairs(codes[0], codes[2]), pairs(codes[1], codes[3])};
    }
    static Codes column(const std::uint8_t* a, const std::uint8_t* b, const std::uint8_t* c, const std::uint8_t* d,
                        std::size_t index)
    {
        const auto pairs = [&](const std::uint8_t* first, const std::uint8_t* second) {
            first += index * lanes;
            second += index * lanes;
            return Shorts{first[0], second[0], first[1], second[1], first[2], second[2], first[3], second[3]};
        };
        return {pairs(a, c), pairs(b, d)};
    }
    static Weights weights(const std::byte* block, std::size_t index)
    {
        Weights read;
        __builtin_memcpy(&read.even, block + index * sizeof read.even, sizeof read.even);
        __builtin_memcpy(&read.odd, block + (4 + index) * sizeof read.odd, sizeof read.odd);
        return read;
    }
    // A product of 255 and -128 has 16 bits. Which half of a lane comes first doesn't matter to the sum.
    static Integers multiply_add(Integers sums, Codes codes, Weights weights)
    {
        return sums + sum_of_halves(codes.even * weights.even) + sum_of_halves(codes.odd * weights.odd);
    }
    static Integers sum_of_halves(Shorts products)
    {
        const auto both = reinterpret_cast<Integers>(products);
        return (both << 16 >> 16) + (both >> 16);
    }
    static Integers lanes_of(const std::uint8_t* codes) { return Integers{codes[0], codes[1], codes[2], codes[3]}; }
    static void store(std::uint8_t* out, const Integers (&codes)[4])
    {
        for (std::size_t r = 0; r < 4; ++r)
            for (std::size_t lane = 0; lane < lanes; ++lane)
                out[r * lanes + lane] = static_cast<std::uint8_t>(codes[r][lane]);
    }
};

}  // namespace

const Kernels& portable_kernels() { return SimdKernels<Portable>::table; }

}  // namespace fedgram::learning::int8
