#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/run/ledger.hpp"

namespace fedgram::run {

/// A round, or an interval of a centralized training, on the first devices of `accounting`.
struct PricedRound {
    std::vector<LedgerLine> lines;              ///< of its nodes
    std::vector<energy::TrainingEnergy> drawn;  ///< what they drew, by place
};

/// Of a federated training; `nodes` ascend. They are in `places` places: node k in place k modulo that.
[[nodiscard]] PricedRound priced_round(const std::string& training, std::uint32_t round,
                                       std::span<const energy::NodeRound> nodes, const carbon::Accounting& accounting,
                                       std::size_t places);

/// Of a centralized training.
[[nodiscard]] PricedRound priced_interval(const std::string& training, std::uint32_t interval,
                                          const energy::Work& trained, const carbon::Accounting& accounting);

}  // namespace fedgram::run
