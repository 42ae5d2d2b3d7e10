#include "experiments/sweep/sweep_results.hpp"

#include <utility>

#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "experiments/sweep/run_result.hpp"

namespace fedgram::experiments {

namespace fs = std::filesystem;

namespace {

bool has_tables(const fs::path& folder)
{
    return fs::exists(folder / "summary.json") && fs::exists(folder / "table.json") && fs::exists(folder / "spec.json");
}

/// By the specification that the folder holds.
bool is_whole(const fs::path& folder)
{
    const auto trainings = of_sweep_run([&] { return run::read_spec_file(folder); }).trainings.size();
    return of_sweep_run([&] { return run::read_summary(folder); }).whole(trainings);
}

}  // namespace

SweepResults read_results(const SweepPlan& plan, const fs::path& folder)
{
    SweepResults results;
    for (const auto& run : expand(plan)) {
        const auto path = folder / "runs" / run.name;
        // Of a search, what was not let go on is a result too.
        if (has_tables(path) && (plan.is_search() || is_whole(path)))
            for (auto& row : read_rows(run, path)) results.rows.push_back(std::move(row));
        else
            results.lacking.push_back(run.name);
    }
    return results;
}

}  // namespace fedgram::experiments
