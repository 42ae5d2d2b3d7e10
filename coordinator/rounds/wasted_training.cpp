#include "coordinator/rounds/wasted_training.hpp"

#include <span>

#include "common/energy/pricing/pricing.hpp"
#include "common/learning/training/node_work.hpp"
#include "common/run/ledger_lines.hpp"

namespace fedgram::coordinator {

std::vector<run::LedgerLine> wasted_training_lines(const WastedTraining& wasted, const spec::Training& training,
                                                   const learning::Model& model, const learning::UpdateCost& update,
                                                   const carbon::Accounting& accounting,
                                                   const energy::FleetPricing* fleet)
{
    const auto& rule = std::get<spec::Federated>(training.kind);
    auto alone = learning::node_round(model, rule, update, wasted.node, wasted.samples, wasted.most_steps);
    if (!wasted.uploaded) alone.bytes_up = 0;
    const std::span nodes{&alone, 1};
    const auto& edge = accounting.edge_device;
    const auto priced = fleet != nullptr ? energy::price(nodes, *fleet) : energy::price(nodes, edge, accounting.link);
    auto lines = run::round_lines({training.label, wasted.round, nodes, priced, edge, fleet});
    std::erase_if(lines, [](const auto& line) { return line.seconds <= Seconds{}; });
    for (auto& line : lines) line.wasted = true;
    return lines;
}

}  // namespace fedgram::coordinator
