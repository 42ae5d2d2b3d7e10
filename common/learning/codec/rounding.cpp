#include "common/learning/codec/rounding.hpp"

#include <cstddef>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

/// The finalizer `triple32` of Wellons 2018, a permutation of 32 bits whose every output bit depends on every input
/// bit.
constexpr auto hashes = [] [[gnu::always_inline]] (std::uint32_t first, std::uint32_t key,
                                                   std::uint32_t* __restrict words, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t x = first + static_cast<std::uint32_t>(i);
        x ^= x >> 17;
        x *= 0xed5ad4bbU;
        x ^= key;
        x ^= x >> 11;
        x *= 0xac4c1b51U;
        x ^= x >> 15;
        x *= 0x31848babU;
        x ^= x >> 14;
        words[i] = x;
    }
};

}  // namespace

void draw(Stream& random, std::span<std::uint32_t> words)
{
    const auto bits = random.bits();
    for_this_cpu<hashes>(static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32), words.data(),
                         words.size());
}

}  // namespace fedgram::learning
