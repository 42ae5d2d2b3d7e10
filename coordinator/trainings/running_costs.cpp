#include "coordinator/trainings/running_costs.hpp"

namespace fedgram::coordinator {

void RunningCosts::add(std::span<const energy::LedgerLine> lines, bool federated)
{
    for (const auto& line : lines) {
        const bool in_no_column = !line.node || line.wasted;
        if (in_no_column || (line.phase == energy::Phase::idle && !accounting_.idle)) continue;
        devices_ += line.joules;
        facility_ += federated ? line.joules : line.joules * accounting_.pue.front();
        network_ += carbon::network_energy(line.work.bytes_down, line.work.bytes_up, accounting_.link,
                                           accounting_.network, accounting_.network.method);
    }
}

GramsCO2e RunningCosts::emissions() const { return (facility_ + network_) * accounting_.countries.front().intensity; }

}  // namespace fedgram::coordinator
