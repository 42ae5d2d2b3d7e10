#include "coordinator/rounds/wasted_training.hpp"

#include <span>

#include "common/energy/pricing/pricing.hpp"
#include "common/learning/training/epoch_batches.hpp"
#include "common/learning/training/training.hpp"
#include "common/run/ledger_lines.hpp"

namespace fedgram::coordinator {

LocalEpochs local_epochs(const spec::Federated& rule, std::uint64_t samples, std::uint64_t most_steps)
{
    const learning::EpochBatches batches{samples, rule.batch_size, rule.last_batch};
    if (most_steps > 0) return {batches.samples_in(most_steps), most_steps};
    return {batches.samples() * rule.local_epochs, batches.steps() * rule.local_epochs};
}

std::vector<run::LedgerLine> wasted_training_lines(const WastedTraining& wasted, const spec::Training& training,
                                                   const learning::Model& model, const carbon::Accounting& accounting,
                                                   const energy::FleetPricing* fleet)
{
    const auto& rule = std::get<spec::Federated>(training.kind);
    const auto [samples_seen, steps] = local_epochs(rule, wasted.samples, wasted.most_steps);
    const energy::NodeRound alone{wasted.node, learning::training_work(model, rule.optimizer, samples_seen, steps),
                                  model.parameters.bytes(), wasted.uploaded ? model.parameters.bytes() : 0};
    const std::span nodes{&alone, 1};
    const auto& edge = accounting.edge_device;
    const auto priced = fleet != nullptr ? energy::price(nodes, *fleet) : energy::price(nodes, edge, accounting.link);
    auto lines = run::round_lines({training.label, wasted.round, nodes, priced, edge, fleet});
    std::erase_if(lines, [](const auto& line) { return line.seconds <= Seconds{}; });
    for (auto& line : lines) line.wasted = true;
    return lines;
}

}  // namespace fedgram::coordinator
