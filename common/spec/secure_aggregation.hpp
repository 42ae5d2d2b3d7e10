#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fedgram::spec {

/// The masks of secure aggregation, and the fixed point that the masked sum is in; common/masking has the protocol.
struct SecureAggregation {
    std::optional<std::uint32_t> neighbours{};  ///< with whom a node shares masks, > 0; absent: by the cohort
    std::optional<std::uint32_t> threshold{};   ///< shares that give a secret back, >= 2; absent: by the neighbours
    double value_limit = 1;                     ///< a value's difference is clipped to this magnitude, > 0
    std::uint32_t fraction_bits = 21;           ///< and rounded to a multiple of 2^-this

    friend bool operator==(const SecureAggregation&, const SecureAggregation&) = default;
};

inline constexpr std::uint32_t most_fraction_bits = 40;

/// Whom a node of a cohort shares masks and secrets with.
struct Neighbourhood {
    std::uint32_t neighbours = 0;
    std::uint32_t threshold = 1;  ///< of the neighbours and the node itself, who hold a share of its secrets each

    friend bool operator==(const Neighbourhood&, const Neighbourhood&) = default;
};

/// The degree of a regular graph on so many nodes, at least one, that is nearest to `wanted` from above: all others
/// where there are no more, and one more where both numbers are odd, since no such graph has an odd sum of degrees.
[[nodiscard]] std::uint32_t regular_degree(std::uint32_t wanted, std::uint32_t nodes);

/// What a cohort of at least one node has. Unless they are stated, 4 ceil(log2 n) are the neighbours of a node, and
/// ceil(2 k / 3) + 1 of the k + 1 that hold shares give a secret back: a third of them may drop out, as with Bonawitz
/// et al. 2017 (eprint 2017/281). A cohort that is smaller than planned for has no more neighbours, and no higher
/// threshold, than there are.
[[nodiscard]] Neighbourhood neighbourhood(const SecureAggregation& aggregation, std::uint32_t cohort);

/// What the bits of a sum's ring are for, beside one for the sign.
struct RingBits {
    std::uint32_t value = 0;   ///< 2^value is at least the largest magnitude in fixed point
    std::uint32_t weight = 0;  ///< 2^weight is more than the largest total weight

    /// With it no sum can overflow: it is at most 2^value (2^weight - 1) in magnitude, less than 2^(total - 1).
    [[nodiscard]] std::uint32_t total() const { return 1 + value + weight; }
};

inline constexpr std::uint32_t most_ring_bits = 64;

/// `most_total_weight` > 0 is what the weights of a cohort add up to at most.
[[nodiscard]] RingBits ring_bits(const SecureAggregation& aggregation, std::uint64_t most_total_weight);

// Both throw SpecError. `path` is the key's: "trainings.fed.secure_aggregation".

/// For a cohort of one, and for a threshold above the number of nodes that hold a share.
void check_neighbourhood(const SecureAggregation& aggregation, const std::string& path, std::uint32_t cohort);
/// For sums that need more than 64 bits.
void check_ring(const SecureAggregation& aggregation, const std::string& path, std::uint64_t most_total_weight);

}  // namespace fedgram::spec
