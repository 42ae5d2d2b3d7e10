#pragma once

#include <cstdint>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/ledger.hpp"
#include "common/learning/model/model.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::coordinator {

/// A local training whose update doesn't enter the model.
struct WastedTraining {
    std::uint32_t round = 0;
    std::uint32_t node = 0;
    std::uint64_t samples = 0;  ///< that the node holds
    bool uploaded = false;
};

/// Its ledger lines, marked as wasted, by the same prices as work that counts. It is taken to have come to its end,
/// since how far it came isn't known; without a cohort it waits for nobody.
[[nodiscard]] std::vector<energy::LedgerLine> wasted_training_lines(const WastedTraining& vain,
                                                                    const spec::Training& training,
                                                                    const learning::Model& model,
                                                                    const carbon::Accounting& accounting);

/// Passes over the data in steps: what a node with so many samples does in one round.
struct LocalEpochs {
    std::uint64_t samples_seen = 0;
    std::uint64_t steps = 0;
};
[[nodiscard]] LocalEpochs local_epochs(const spec::Federated& rule, std::uint64_t samples);

}  // namespace fedgram::coordinator
