#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/run/ledger.hpp"
#include "common/run/run_folder.hpp"
#include "common/run/summary.hpp"

namespace fedgram::run {

/// What the nodes did in a round, or in an interval of a centralized training: borrowed.
struct RoundOfNodes {
    const std::string& training;  ///< label
    TrainingKind kind;
    std::uint32_t number;
    std::span<const energy::NodeRound> nodes;   ///< ascending, whose updates were used; centralized: one
    std::span<const energy::NodeRound> lost{};  ///< ascending, whose updates were lost; of a fleet alone
    std::optional<energy::RoundTimes> times{};  ///< where the fleet decided on them
};

/// Prices a round on the first devices of `accounting` and appends it to the ledger, with what the coordinator did
/// itself, `own`, behind it. What the nodes drew, by place: by group of `fleet`, or without one they are in `places`
/// places, node k in place k modulo that.
[[nodiscard]] std::vector<energy::TrainingEnergy> append_priced(RunFolder& folder, const RoundOfNodes& round,
                                                                std::span<const LedgerLine> own,
                                                                const carbon::Accounting& accounting,
                                                                std::size_t places,
                                                                const energy::FleetPricing* fleet = nullptr);

}  // namespace fedgram::run
