#include "common/masking/masked_sum.hpp"

#include <algorithm>
#include <cassert>

namespace fedgram::masking {

namespace {

bool holds(std::span<const std::uint32_t> nodes, std::uint32_t node) { return std::ranges::binary_search(nodes, node); }

/// The sign with which a node's update has the mask that it shares with a neighbour, or the other one.
SignedMask pairwise_mask(MaskedRound round, std::uint32_t node, std::uint32_t neighbour, bool undone)
{
    const bool added = (node < neighbour) != undone;
    return {pairwise_key(round, node, neighbour), added ? MaskSign::add : MaskSign::subtract};
}

/// Calls `f` with each pair of a node that delivered and a neighbour that didn't.
template <class F>
void for_each_left_pair(const MaskGraph& graph, std::span<const std::uint32_t> delivered, F f)
{
    for (const auto node : graph.nodes()) {
        if (holds(delivered, node)) continue;
        for (const auto neighbour : graph.neighbours(node))
            if (holds(delivered, neighbour)) f(neighbour, node);
    }
}

}  // namespace

std::vector<SignedMask> masks_of(MaskedRound round, std::uint32_t node, std::span<const std::uint32_t> neighbours)
{
    std::vector<SignedMask> masks{{self_key(round, node), MaskSign::add}};
    masks.reserve(1 + neighbours.size());
    for (const auto neighbour : neighbours) masks.push_back(pairwise_mask(round, node, neighbour, false));
    return masks;
}

std::optional<Unrecoverable> unrecoverable(const MaskGraph& graph, std::span<const std::uint32_t> delivered,
                                           std::uint32_t threshold)
{
    for (const auto node : graph.nodes()) {
        const auto neighbours = graph.neighbours(node);
        auto shares = static_cast<std::uint32_t>(
            std::ranges::count_if(neighbours, [&](auto neighbour) { return holds(delivered, neighbour); }));
        const bool has_delivered = holds(delivered, node);
        if (!has_delivered && shares == 0) continue;
        if (has_delivered) ++shares;
        if (shares < threshold) return Unrecoverable{node, shares, threshold};
    }
    return std::nullopt;
}

LeftMasks left_masks(const MaskGraph& graph, std::span<const std::uint32_t> delivered)
{
    LeftMasks left{.own = delivered.size()};
    for_each_left_pair(graph, delivered, [&](auto, auto) { ++left.pairwise; });
    return left;
}

void MaskedSum::add(std::uint32_t node, std::span<const std::uint64_t> masked)
{
    assert(masked.size() == words_.size());
    const auto place = std::ranges::lower_bound(delivered_, node);
    assert(place == delivered_.end() || *place != node);
    delivered_.insert(place, node);
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] += masked[i];
}

std::variant<std::vector<std::int64_t>, Unrecoverable> MaskedSum::unmasked(MaskedRound round, const MaskGraph& graph,
                                                                           std::uint32_t threshold) const
{
    if (const auto node = unrecoverable(graph, delivered_, threshold)) return *node;
    std::vector<SignedMask> left;
    for (const auto node : delivered_) left.push_back({self_key(round, node), MaskSign::subtract});
    for_each_left_pair(graph, delivered_,
                       [&](auto node, auto dropped) { left.push_back(pairwise_mask(round, node, dropped, true)); });
    auto words = words_;
    apply(left, ring_, words);
    std::vector<std::int64_t> sum(words.size());
    std::ranges::transform(words, sum.begin(), [this](auto word) { return ring_.decoded(word); });
    return sum;
}

}  // namespace fedgram::masking
