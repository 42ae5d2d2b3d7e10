#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/energy/work/work.hpp"
#include "common/run/ledger.hpp"

namespace fedgram::run {

/// The nodes of a federated round whose updates were used, or those that were lost to it; priced, borrowed.
struct LedgerRound {
    const std::string& training;  ///< label
    std::uint32_t number;
    std::span<const energy::NodeRound> nodes;
    const energy::RoundEnergy& priced;            ///< in the order of the nodes
    const energy::DeviceProfile& device;          ///< that they all have
    const energy::FleetPricing* fleet = nullptr;  ///< or each its own, of this fleet
    energy::Updates updates = energy::Updates::used;
};

/// Hands the lines of a federated round to `take`, for each node in the order given: download, train, upload, idle.
/// Each is for the call alone.
void for_each_line(const LedgerRound& round, const std::function<void(const LedgerLine&)>& take);

/// The same, as a list.
[[nodiscard]] std::vector<LedgerLine> round_lines(const LedgerRound& round);

/// One phase that computes (train, evaluate, aggregate), priced on `device`.
[[nodiscard]] LedgerLine phase_line(const std::string& training, const energy::PhaseWork& done,
                                    const energy::DeviceProfile& device);

}  // namespace fedgram::run
