#include "experiments/lookup/node_rounds.hpp"

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/learning/training/epoch_batches.hpp"
#include "common/learning/training/training.hpp"

namespace fedgram::experiments {

std::vector<NodeRound> node_rounds(const fleet::Fleet& fleet, const spec::Federated& rule, const learning::Model& model,
                                   const datasets::NodeShares& shares)
{
    const energy::FleetPricing pricing{fleet.devices};
    const auto bytes = model.parameters.bytes();
    std::vector<NodeRound> rounds;
    for (std::uint32_t node = 0; node < rule.nodes; ++node) {
        const learning::EpochBatches batches{shares.size(node), rule.batch_size, rule.last_batch};
        const auto work = learning::training_work(model, rule.optimizer, batches.samples() * rule.local_epochs,
                                                  batches.steps() * rule.local_epochs);
        const auto kind = fleet.devices[node];
        const auto taken = pricing.busy(kind, work, bytes, bytes);
        rounds.push_back({kind.group, taken.busy(), taken.download.joules + taken.train.joules + taken.upload.joules});
    }
    return rounds;
}

}  // namespace fedgram::experiments
