#include "common/report/statement/utilization.hpp"

#include <algorithm>

#include "common/report/table/work_chain.hpp"

namespace fedgram::report {

Utilization utilization(const Table& table, const run::RunRecord& run, const Column& column)
{
    if (column.measured) {
        const auto& busy = column.measured->reading.busy;
        Utilization seen{column.phases.busy, {}, std::nullopt, std::nullopt, std::nullopt};
        if (!busy) return seen;
        seen.host = seen.busy - std::min(*busy, seen.busy);
        seen.busy_share = 1 - seen.host->count() / seen.busy.count();
        return seen;
    }
    if (table.fleet(column) != nullptr) {  // its devices have no rate in common
        Utilization seen{column.phases.busy, column.phases.waiting, std::nullopt, std::nullopt, std::nullopt};
        const auto all = (seen.busy + seen.waiting).count();
        if (all > 0) seen.busy_share = seen.busy.count() / all;
        return seen;
    }
    const auto& device = table.device(column);
    const auto chain = work_chain(run.trainings[column.training], device);
    Utilization result{column.phases.busy, column.phases.waiting, chain.waiting, std::nullopt, std::nullopt};
    if (result.busy <= Seconds{}) return result;
    result.busy_share = (result.busy - chain.waiting).count() / (result.busy + result.waiting).count();
    result.of_sustained_rate =
        static_cast<double>(chain.work.flops) / (device.flops_per_second() * result.busy.count());
    return result;
}

}  // namespace fedgram::report
