#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/compute_time.hpp"
#include "common/energy/pricing/link.hpp"
#include "common/energy/work/training_work.hpp"
#include "common/energy/work/work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What one phase takes on one device: no PUE, no network equipment.
struct PhaseEnergy {
    Seconds seconds;  ///< virtual
    Joules joules;    ///< of the device alone
};

/// What one node's phases of one round take.
struct NodeEnergy {
    PhaseEnergy download;
    PhaseEnergy train;
    PhaseEnergy upload;
    PhaseEnergy idle;  ///< waiting for the slowest node

    [[nodiscard]] Seconds busy() const { return download.seconds + train.seconds + upload.seconds; }
};

struct RoundEnergy {
    std::vector<NodeEnergy> nodes;  ///< in the order of the work
    Seconds virtual_time;           ///< until the slowest node has delivered
};

/// What the shares of a round's nodes take on devices of one kind.
class SharePricing {
public:
    /// Both must outlive it.
    SharePricing(const DeviceProfile& edge, const Link& link);

    /// All but `idle`. Bytes of `train` don't count.
    [[nodiscard]] NodeEnergy busy(const Work& train, std::uint64_t bytes_down, std::uint64_t bytes_up) const;
    /// Waiting for so long.
    [[nodiscard]] PhaseEnergy idle(Seconds seconds) const { return {seconds, edge_.idle_power() * seconds}; }

private:
    const DeviceProfile& edge_;
    const Link& link_;
    ComputePower power_;
};

/// A round of a federated training on devices of one kind. A node downloads, trains and uploads, one after the
/// other, at its own link's speed, and then idles until the slowest of the cohort has delivered. The ledger, the
/// progress of a running training and the table all take their joules from here.
[[nodiscard]] RoundEnergy price(std::span<const NodeRound> nodes, const DeviceProfile& edge, const Link& link);

/// A phase that computes: train, evaluate, aggregate.
[[nodiscard]] PhaseEnergy price(const Work& work, const DeviceProfile& device);

}  // namespace fedgram::energy
