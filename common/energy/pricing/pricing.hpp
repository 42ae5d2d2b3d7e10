#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/ledger.hpp"
#include "common/energy/pricing/link.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What one node did in one round. Bytes stand beside `train`, not in it.
struct NodeRound {
    std::uint32_t node{};
    Work train;
    std::uint64_t bytes_down{};
    std::uint64_t bytes_up{};
};

struct RoundWork {
    std::uint32_t round{};
    std::vector<NodeRound> nodes;
};

/// What a node's phases of one round take on a device.
struct NodeTimes {
    Seconds download;
    Seconds train;
    Seconds upload;

    [[nodiscard]] Seconds sum() const { return download + train + upload; }
};

[[nodiscard]] NodeTimes node_times(const NodeRound& node, const DeviceProfile& edge, const Link& link);

struct PricedRound {
    std::vector<LedgerLine> lines;  ///< per node, in the order given: download, train, upload, idle
    Seconds seconds;                ///< virtual: until the slowest node has delivered
};

/// A round of a federated training on devices of one kind. A node downloads, trains and uploads, one after the
/// other, at its own link's speed, and then idles until the slowest of the cohort has delivered.
[[nodiscard]] PricedRound price_round(const std::string& training, std::uint32_t round,
                                      std::span<const NodeRound> nodes, const DeviceProfile& edge, const Link& link);

/// One phase that computes (train, evaluate, aggregate) on one device, at its training power.
[[nodiscard]] LedgerLine price_phase(const std::string& training, std::optional<std::uint32_t> node,
                                     std::uint32_t round, Phase phase, const Work& work, const DeviceProfile& profile);

/// The Work of a federated training's nodes by round and node, both ascending; the coordinator's is left aside.
[[nodiscard]] std::vector<RoundWork> node_rounds(std::span<const PhaseWork> training);

}  // namespace fedgram::energy
