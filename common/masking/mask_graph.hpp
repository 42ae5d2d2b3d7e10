#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::masking {

/// Which nodes of a round's cohort share masks and secrets: a connected regular graph that any process makes the same
/// way from the run's seed. Its nodes stand in a ring in random order, and each is joined to those nearest to it on
/// both sides, and to the one right across where its degree is odd (Harary 1962, as in Bell et al. 2020, eprint
/// 2020/704, section 3). With a degree of all other nodes it is the complete graph of Bonawitz et al. 2017.
class MaskGraph {
public:
    /// `cohort` holds distinct nodes, at least one, in any order. The degree is spec::regular_degree of `degree`.
    MaskGraph(std::uint64_t seed, std::uint32_t round, std::span<const std::uint32_t> cohort, std::uint32_t degree);

    [[nodiscard]] std::uint32_t degree() const { return degree_; }
    /// Ascending.
    [[nodiscard]] std::span<const std::uint32_t> nodes() const { return nodes_; }
    /// Of a node of the cohort, ascending.
    [[nodiscard]] std::vector<std::uint32_t> neighbours(std::uint32_t node) const;

private:
    std::vector<std::uint32_t> nodes_;
    std::vector<std::uint32_t> ring_;    // nodes
    std::vector<std::uint32_t> places_;  // in the ring, of each of `nodes_`
    std::uint32_t degree_;
};

}  // namespace fedgram::masking
