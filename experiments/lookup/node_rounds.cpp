#include "experiments/lookup/node_rounds.hpp"

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/learning/training/node_work.hpp"

namespace fedgram::experiments {

std::vector<NodeRound> node_rounds(const fleet::Fleet& fleet, const spec::Federated& rule, const learning::Model& model,
                                   const datasets::NodeShares& shares)
{
    const energy::FleetPricing pricing{fleet.devices};
    const auto update = learning::update_cost(model, rule, shares.total());
    std::vector<NodeRound> rounds;
    for (std::uint32_t node = 0; node < rule.nodes; ++node) {
        const auto share = learning::node_round(model, rule, update, node, shares.size(node));
        const auto kind = fleet.devices[node];
        const auto taken = pricing.busy(kind, share.train, share.bytes_down, share.bytes_up);
        rounds.push_back({kind.group, taken.busy(), taken.download.joules + taken.train.joules + taken.upload.joules});
    }
    return rounds;
}

}  // namespace fedgram::experiments
