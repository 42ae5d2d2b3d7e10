#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::coordinator {

/// What chance holds for a node in a round, from the stream (seed, selection, round, node): so a draw doesn't depend on
/// the order in which nodes are gone through, nor on who else is there. The two numbers are independent, uniform in
/// [0, 1).
struct Lot {
    double draw = 0;
    double tie = 0;  ///< who comes first of equals: the smaller
};
[[nodiscard]] Lot lot_of(std::uint64_t seed, std::uint32_t round, std::uint32_t node);

struct WeightedNode {
    std::uint32_t node = 0;
    double weight = 0;  ///< at least 0
};

/// `size` of the nodes, ascending, one after the other and without replacement: the next one is each of those left with
/// a probability that is its share of their weight. A node without weight is never drawn, so fewer may come.
///
/// Each node's key is an exponential variate over its weight, -ln(1 - draw) / weight, and the smallest keys win; which
/// is the largest u^(1/weight) of Efraimidis and Spirakis (2006, Information Processing Letters 97, algorithm A).
[[nodiscard]] std::vector<std::uint32_t> draw_weighted(std::uint64_t seed, std::uint32_t round,
                                                       std::span<const WeightedNode> nodes, std::size_t size);

}  // namespace fedgram::coordinator
