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

void for_each_line(const LedgerRound& round, const std::function<void(const LedgerLine&)>& take)
{
    auto line = line_of(round.training, {0, round.number, Phase::download, {}}, {}, round.device);
    for (std::size_t i = 0; i < round.nodes.size(); ++i) {
        const auto& [node, train, bytes_down, bytes_up] = round.nodes[i];
        const auto& taken = round.priced.nodes[i];
        line.node = node;
        const auto give = [&](Phase phase, const energy::Work& work, const energy::PhaseEnergy& energy) {
            line.phase = phase;
            line.work = work;
            line.seconds = energy.seconds;
            line.joules = energy.joules;
            take(line);
        };
        auto computed = train;
        computed.bytes_down = computed.bytes_up = 0;
        give(Phase::download, {.bytes_down = bytes_down}, taken.download);
        give(Phase::train, computed, taken.train);
        give(Phase::upload, {.bytes_up = bytes_up}, taken.upload);
        give(Phase::idle, {}, taken.idle);
    }
}

std::vector<LedgerLine> round_lines(const std::string& training, std::uint32_t round,
                                    std::span<const energy::NodeRound> nodes, const energy::RoundEnergy& priced,
                                    const energy::DeviceProfile& edge)
{
    std::vector<LedgerLine> lines;
    lines.reserve(4 * nodes.size());
    for_each_line({training, round, nodes, priced, edge}, [&](const LedgerLine& line) { lines.push_back(line); });
    return lines;
}

LedgerLine phase_line(const std::string& training, const energy::PhaseWork& done, const energy::DeviceProfile& device)
{
    return line_of(training, done, energy::price(done.work, device), device);
}

}  // namespace fedgram::run
