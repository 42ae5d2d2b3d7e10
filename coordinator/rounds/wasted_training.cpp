#include "coordinator/rounds/wasted_training.hpp"

#include <span>

#include "common/energy/pricing/pricing.hpp"
#include "common/learning/training/training.hpp"

namespace fedgram::coordinator {

LocalEpochs local_epochs(const spec::Federated& rule, std::uint64_t samples)
{
    const auto steps = (samples + rule.batch_size - 1) / rule.batch_size;
    return {samples * rule.local_epochs, steps * rule.local_epochs};
}

std::vector<energy::LedgerLine> wasted_training_lines(const WastedTraining& vain, const spec::Training& training,
                                                      const learning::Model& model,
                                                      const carbon::Accounting& accounting)
{
    const auto& rule = std::get<spec::Federated>(training.kind);
    const auto [samples_seen, steps] = local_epochs(rule, vain.samples);
    const energy::NodeRound alone{vain.node, learning::training_work(model, rule.optimizer, samples_seen, steps),
                                  model.parameters.bytes(), vain.uploaded ? model.parameters.bytes() : 0};
    auto priced =
        energy::price_round(training.label, vain.round, std::span{&alone, 1}, accounting.edge_device, accounting.link);
    std::erase_if(priced.lines, [](const auto& line) { return line.seconds <= Seconds{}; });
    for (auto& line : priced.lines) line.wasted = true;
    return std::move(priced.lines);
}

}  // namespace fedgram::coordinator
