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

std::vector<energy::TrainingEnergy> append_fleet(RunFolder& folder, const RoundOfNodes& round,
                                                 std::span<const LedgerLine> own, const carbon::Accounting& accounting,
                                                 const energy::FleetPricing& fleet)
{
    const auto priced = energy::price(round.nodes, fleet, round.times);
    std::vector<energy::TrainingEnergy> groups(fleet.fleet().groups().size());
    const auto waited = round.times ? round.times->waited : Seconds{};
    for (auto& group : groups) {
        group.waited = waited;
        group.virtual_time = waited + priced.virtual_time;
    }
    const auto& any = accounting.edge_device;
    energy::add_by_group(round.nodes, priced, fleet.fleet(), energy::Updates::used, groups);
    if (round.lost.empty()) {
        folder.append_ledger({round.training, round.number, round.nodes, priced, any, &fleet}, own);
        return groups;
    }
    const auto lost = energy::price(round.lost, fleet, energy::RoundTimes{{}, {}, false});
    energy::add_by_group(round.lost, lost, fleet.fleet(), energy::Updates::lost, groups);
    folder.append_ledger({round.training, round.number, round.nodes, priced, any, &fleet}, {});
    folder.append_ledger({round.training, round.number, round.lost, lost, any, &fleet, energy::Updates::lost}, own);
    return groups;
}

}  // namespace

std::vector<energy::TrainingEnergy> append_priced(RunFolder& folder, const RoundOfNodes& round,
                                                  std::span<const LedgerLine> own, const carbon::Accounting& accounting,
                                                  std::size_t places, const energy::FleetPricing* fleet)
{
    if (round.kind == TrainingKind::centralized) return append_interval(folder, round, own, accounting);
    if (fleet != nullptr) return append_fleet(folder, round, own, accounting, *fleet);
    const auto& edge = accounting.edge_device;
    const auto priced = energy::price(round.nodes, edge, accounting.link);
    folder.append_ledger({round.training, round.number, round.nodes, priced, edge}, own);
    return energy::round_energy(round.nodes, priced, places);
}

}  // namespace fedgram::run
