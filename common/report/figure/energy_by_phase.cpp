#include "common/report/figure/energy_by_phase.hpp"

#include <utility>

namespace fedgram::report {

Figure energy_by_phase(std::span<const PlottedRun> runs)
{
    Stacks content{{"Energy", "J", "joules", Axis::Scale::linear},
                   {"training", "download", "upload", "waiting", "data centre beside IT (PUE)", "network"},
                   {}};
    for (const auto& run : runs) {
        const auto& table = *run.table;
        for (const auto& column : table.columns) {
            const auto& outcome = table.outcome(column);
            const auto& phases = column.phases;
            const bool waits = !column.pue && table.accounting.idle;
            const double beside_it = column.pue ? phases.train.count() * (column.pue->ratio() - 1) : 0;
            content.stacks.push_back({{run.name, column.heading, outcome.missed_target() ? outcome.missed_words() : ""},
                                      {phases.train.count(), phases.download.count(), phases.upload.count(),
                                       waits ? phases.idle.count() : 0, beside_it, column.energy.network.count()}});
        }
    }
    return {runs.front().table->name + ": energy by phase", std::move(content), runs.size() > 1};
}

}  // namespace fedgram::report
