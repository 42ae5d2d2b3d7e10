#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fedgram::masking {

/// The integers modulo 2^bits: what masked values are added and subtracted in.
///
/// An element stands in a 64-bit word, whose bits above the ring's count for nothing until it is packed or decoded:
/// 2^bits divides 2^64, so sums of whole words are right in the lower bits.
class Ring {
public:
    /// 1 to 64.
    explicit Ring(std::uint32_t bits) : bits_{bits} { assert(bits >= 1 && bits <= 64); }

    [[nodiscard]] std::uint32_t bits() const { return bits_; }

    /// The word without what counts for nothing.
    [[nodiscard]] std::uint64_t element(std::uint64_t word) const { return word << unused() >> unused(); }

    /// The number that an element stands for in two's complement: from -2^(bits - 1) to 2^(bits - 1) - 1.
    [[nodiscard]] std::int64_t decoded(std::uint64_t word) const
    {
        return static_cast<std::int64_t>(word << unused()) >> unused();  // C++20: the shift repeats the sign
    }

    /// What so many elements take on the wire: ceil(count * bits / 8).
    [[nodiscard]] std::size_t packed_size(std::size_t count) const;

    /// Elements one behind the other in little-endian order, each from its lowest bit on; the last byte is filled up by
    /// zeros.
    [[nodiscard]] std::string packed(std::span<const std::uint64_t> words) const;

    /// `count` elements back; nothing where `bytes` aren't what that many take, or their last byte isn't filled up by
    /// zeros. No memory is taken before.
    [[nodiscard]] std::optional<std::vector<std::uint64_t>> unpacked(std::span<const std::byte> bytes,
                                                                     std::size_t count) const;

    friend bool operator==(const Ring&, const Ring&) = default;

private:
    [[nodiscard]] std::uint32_t unused() const { return 64 - bits_; }

    std::uint32_t bits_;
};

}  // namespace fedgram::masking
