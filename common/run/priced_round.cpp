#include "common/run/priced_round.hpp"

#include "common/run/ledger_lines.hpp"

namespace fedgram::run {

PricedRound priced_round(const std::string& training, std::uint32_t round, std::span<const energy::NodeRound> nodes,
                         const carbon::Accounting& accounting, std::size_t places)
{
    const auto& edge = accounting.edge_device;
    const auto energy = energy::price(nodes, edge, accounting.link);
    return {round_lines(training, round, nodes, energy, edge), energy::round_energy(nodes, energy, places)};
}

PricedRound priced_interval(const std::string& training, std::uint32_t interval, const energy::Work& trained,
                            const carbon::Accounting& accounting)
{
    const auto& device = accounting.datacenter_devices.front();
    const energy::PhaseWork done{0, interval, energy::Phase::train, trained};
    return {{phase_line(training, done, device)}, energy::centralized_course(std::span{&done, 1}, device).intervals};
}

}  // namespace fedgram::run
