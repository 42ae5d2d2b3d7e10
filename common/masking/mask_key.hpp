#pragma once

#include <array>
#include <cstdint>

namespace fedgram::masking {

/// What a mask is drawn from: an AES-128 key, and the counter of its first block.
struct MaskKey {
    std::array<unsigned char, 16> key{};
    std::array<unsigned char, 16> counter{};

    friend bool operator==(const MaskKey&, const MaskKey&) = default;
};

/// A round of a run, whose masks are its own.
struct MaskedRound {
    std::uint64_t seed = 0;
    std::uint32_t round = 0;
};

// The halves of a SHA-256 over the seed, the round and both nodes' ids. Anyone who knows the run's seed knows all
// masks: a simulation that repeats has no secrets. Both throw SystemError where OpenSSL has no SHA-256.

/// Of the mask that two nodes share, the same for (a, b) and (b, a).
[[nodiscard]] MaskKey pairwise_key(MaskedRound round, std::uint32_t a, std::uint32_t b);
/// Of a node's own mask.
[[nodiscard]] MaskKey self_key(MaskedRound round, std::uint32_t node);

}  // namespace fedgram::masking
