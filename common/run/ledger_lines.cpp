#include "common/run/ledger_lines.hpp"

namespace fedgram::run {

using energy::Phase;

namespace {

LedgerLine line_of(const std::string& training, const energy::PhaseWork& done, const energy::PhaseEnergy& priced,
                   const energy::DeviceProfile& device)
{
    return {done, training, priced.seconds, priced.joules, "modelled", device.boundary, "device profile " + device.id};
}

}  // namespace

std::vector<LedgerLine> round_lines(const std::string& training, std::uint32_t round,
                                    std::span<const energy::NodeRound> nodes, const energy::RoundEnergy& priced,
                                    const energy::DeviceProfile& edge)
{
    std::vector<LedgerLine> lines;
    lines.reserve(4 * nodes.size());
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        const auto& [node, train, bytes_down, bytes_up] = nodes[i];
        const auto& taken = priced.nodes[i];
        const auto add = [&, node = node](Phase phase, const energy::Work& work, const energy::PhaseEnergy& energy) {
            lines.push_back(line_of(training, {node, round, phase, work}, energy, edge));
        };
        auto computed = train;
        computed.bytes_down = computed.bytes_up = 0;
        add(Phase::download, {.bytes_down = bytes_down}, taken.download);
        add(Phase::train, computed, taken.train);
        add(Phase::upload, {.bytes_up = bytes_up}, taken.upload);
        add(Phase::idle, {}, taken.idle);
    }
    return lines;
}

LedgerLine phase_line(const std::string& training, const energy::PhaseWork& done, const energy::DeviceProfile& device)
{
    return line_of(training, done, energy::price(done.work, device), device);
}

}  // namespace fedgram::run
