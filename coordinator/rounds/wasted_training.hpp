#pragma once

#include <cstdint>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/learning/model/model.hpp"
#include "common/learning/training/node_work.hpp"
#include "common/run/ledger.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::coordinator {

/// A local training whose update doesn't enter the model.
struct WastedTraining {
    std::uint32_t round = 0;
    std::uint32_t node = 0;
    std::uint64_t samples = 0;  ///< that the node holds
    bool uploaded = false;
    std::uint64_t most_steps = 0;  ///< 0: all of its local epochs
};

/// Its ledger lines, marked as wasted and priced as work that counts is, on its node of `fleet` where there is one. How
/// far the training came isn't known, so all of it is charged. It waits for no cohort.
[[nodiscard]] std::vector<run::LedgerLine> wasted_training_lines(const WastedTraining& wasted,
                                                                 const spec::Training& training,
                                                                 const learning::Model& model,
                                                                 const learning::UpdateCost& update,
                                                                 const carbon::Accounting& accounting,
                                                                 const energy::FleetPricing* fleet = nullptr);

}  // namespace fedgram::coordinator
