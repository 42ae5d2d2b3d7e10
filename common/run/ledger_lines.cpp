#include "common/run/ledger_lines.hpp"

namespace fedgram::run {

using energy::Phase;

namespace {

std::string provenance_of(const energy::DeviceProfile& device) { return "device profile " + device.id; }

LedgerLine line_of(const std::string& training, const energy::PhaseWork& done, const energy::PhaseEnergy& priced,
                   const energy::DeviceProfile& device)
{
    return {done, training, priced.seconds, priced.joules, "modelled", device.boundary, provenance_of(device)};
}

}  // namespace

void for_each_line(const LedgerRound& round, const std::function<void(const LedgerLine&)>& take)
{
    auto line = line_of(round.training, {0, round.number, Phase::download, {}}, {}, round.device);
    line.lost = round.updates == energy::Updates::lost;
    for (std::size_t i = 0; i < round.nodes.size(); ++i) {
        const auto& [node, train, bytes_down, bytes_up] = round.nodes[i];
        const auto& taken = round.priced.nodes[i];
        line.node = node;
        if (round.fleet != nullptr) {
            const auto& device = round.fleet->device(round.fleet->fleet().group_of(node));
            line.boundary = device.boundary;
            line.provenance = provenance_of(device);
        }
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
        if (!line.lost) give(Phase::idle, {}, taken.idle);
    }
}

std::vector<LedgerLine> round_lines(const LedgerRound& round)
{
    std::vector<LedgerLine> lines;
    lines.reserve(4 * round.nodes.size());
    for_each_line(round, [&](const LedgerLine& line) { lines.push_back(line); });
    return lines;
}

LedgerLine phase_line(const std::string& training, const energy::PhaseWork& done, const energy::DeviceProfile& device)
{
    return line_of(training, done, energy::price(done.work, device), device);
}

}  // namespace fedgram::run
