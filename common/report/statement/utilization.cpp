#include "common/report/statement/utilization.hpp"

#include "common/energy/pricing/trained_work.hpp"

namespace fedgram::report {

Utilization utilization(const Table& table, const run::RunRecord& run, const Column& column)
{
    Utilization result{column.phases.busy, column.phases.waiting, std::nullopt, std::nullopt};
    if (result.busy <= Seconds{}) return result;
    result.busy_share = result.busy.count() / (result.busy + result.waiting).count();
    const auto work = energy::trained_work(run.trainings[column.training].work);
    result.of_sustained_rate =
        static_cast<double>(work.flops) / (table.device(column).flops_per_second() * result.busy.count());
    return result;
}

}  // namespace fedgram::report
