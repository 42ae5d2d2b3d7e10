#include "common/run/priced_round.hpp"

#include "common/run/ledger_lines.hpp"

namespace fedgram::run {

namespace {

std::vector<energy::TrainingEnergy> append_interval(RunFolder& folder, const RoundOfNodes& round,
                                                    std::span<const LedgerLine> own,
                                                    const carbon::Accounting& accounting)
{
    const auto& device = accounting.datacenter_devices.front();
    const energy::PhaseWork done{0, round.number, energy::Phase::train, round.nodes.front().train};
    std::vector lines{phase_line(round.training, done, device)};
    lines.insert(lines.end(), own.begin(), own.end());
    folder.append_ledger(lines);
    return {energy::interval_energy(done.work, device)};
}

}  // namespace

std::vector<energy::TrainingEnergy> append_priced(RunFolder& folder, const RoundOfNodes& round,
                                                  std::span<const LedgerLine> own, const carbon::Accounting& accounting,
                                                  std::size_t places)
{
    if (round.kind == TrainingKind::centralized) return append_interval(folder, round, own, accounting);
    const auto& edge = accounting.edge_device;
    const auto priced = energy::price(round.nodes, edge, accounting.link);
    folder.append_ledger({round.training, round.number, round.nodes, priced, edge}, own);
    return energy::round_energy(round.nodes, priced, places);
}

}  // namespace fedgram::run
