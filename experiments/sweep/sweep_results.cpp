#include "experiments/sweep/sweep_results.hpp"

#include <utility>

#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "experiments/sweep/run_result.hpp"

namespace fedgram::experiments {

namespace fs = std::filesystem;

namespace {

// By the specification that the folder holds.
bool has_all_of_its_spec(const fs::path& folder)
{
    if (!fs::exists(folder / "spec.json")) return false;
    return is_whole_run(folder, of_sweep_run([&] { return run::read_spec_file(folder); }).trainings.size());
}

}  // namespace

bool is_whole_run(const fs::path& folder, std::size_t trainings)
{
    if (!fs::exists(folder / "summary.json") || !fs::exists(folder / "table.json")) return false;
    return of_sweep_run([&] { return run::read_summary(folder); }).whole(trainings);
}

SweepResults read_results(const SweepPlan& plan, const fs::path& folder)
{
    SweepResults results;
    for (const auto& run : expand(plan)) {
        const auto path = folder / "runs" / run.name;
        if (has_all_of_its_spec(path))
            for (auto& row : read_rows(run, path)) results.rows.push_back(std::move(row));
        else
            results.lacking.push_back(run.name);
    }
    return results;
}

}  // namespace fedgram::experiments
