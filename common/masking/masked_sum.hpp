#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "common/masking/mask_graph.hpp"
#include "common/masking/mask_key.hpp"
#include "common/masking/mask_stream.hpp"
#include "common/masking/ring.hpp"

namespace fedgram::masking {

/// What a node adds to its update before it sends it: its own mask, and those that it shares with its neighbours. Of
/// two nodes the one with the lower id adds their mask and the other subtracts it, so that both cancel in the sum.
[[nodiscard]] std::vector<SignedMask> masks_of(MaskedRound round, std::uint32_t node,
                                               std::span<const std::uint32_t> neighbours);

/// A node whose secrets can't be put together again, so that its masks stay in the sum.
struct Unrecoverable {
    std::uint32_t node = 0;
    std::uint32_t shares = 0;     ///< how many of those that hold a share delivered their update
    std::uint32_t threshold = 0;  ///< how many it takes

    friend bool operator==(const Unrecoverable&, const Unrecoverable&) = default;
};

/// The first such node, or nothing. A node's secrets are shared among itself and its neighbours before updates are
/// sent, and whoever delivers its update answers with its shares afterwards: of the own masks of those that delivered,
/// and of the keys of those that didn't. Nothing is asked of a node that shares no mask with one that delivered.
/// `delivered` is ascending, and holds nodes of the graph.
[[nodiscard]] std::optional<Unrecoverable> unrecoverable(const MaskGraph& graph,
                                                         std::span<const std::uint32_t> delivered,
                                                         std::uint32_t threshold);

/// Masks in a sum of what these nodes delivered.
struct LeftMasks {
    std::uint64_t own = 0;       ///< of those that delivered
    std::uint64_t pairwise = 0;  ///< between a node that delivered and one that didn't

    friend bool operator==(const LeftMasks&, const LeftMasks&) = default;
};
[[nodiscard]] LeftMasks left_masks(const MaskGraph& graph, std::span<const std::uint32_t> delivered);

/// The coordinator's sum of masked updates. Eight bytes a value.
class MaskedSum {
public:
    MaskedSum(Ring ring, std::size_t size) : ring_{ring}, words_(size) {}

    /// Each node once at most. The order doesn't matter.
    void add(std::uint32_t node, std::span<const std::uint64_t> masked);

    /// Ascending.
    [[nodiscard]] std::span<const std::uint32_t> delivered() const { return delivered_; }

    /// The sum of the updates without masks, once all that will come have come: bit for bit what they would add up to
    /// in the clear. Leaves this sum as it is.
    [[nodiscard]] std::variant<std::vector<std::int64_t>, Unrecoverable> unmasked(MaskedRound round,
                                                                                  const MaskGraph& graph,
                                                                                  std::uint32_t threshold) const;

private:
    Ring ring_;
    std::vector<std::uint64_t> words_;
    std::vector<std::uint32_t> delivered_;
};

}  // namespace fedgram::masking
