#include "experiments/asking/past_trials.hpp"

#include <algorithm>
#include <vector>

#include "common/error/error.hpp"
#include "common/report/budget/run_budget.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "experiments/sweep/search_result.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/sweep/sweep_runs.hpp"

namespace fedgram::experiments {

namespace {

namespace fs = std::filesystem;

bool is_run(const fs::path& folder) { return fs::exists(folder / "spec.json"); }

/// Those that have begun, whether they ended or not.
std::vector<fs::path> runs_in(const fs::path& folder)
{
    if (!is_sweep_folder(folder) && !is_run(folder))
        throw SpecError{folder.string() + " is no folder of a run or a sweep; give the --out of one"};
    if (!is_sweep_folder(folder)) return {folder};
    std::vector<fs::path> runs;
    for (const auto& run : expand(read_sweep_file(folder)))
        if (is_run(folder / "runs" / run.name)) runs.push_back(folder / "runs" / run.name);
    return runs;
}

/// Every planned training of a whole run has an end, by its rule or since it was told to stop.
bool is_whole(const fs::path& run)
{
    const auto summary = run::find_summary(run);
    return summary && summary->trainings.size() >= run::read_spec_file(run).trainings.size();
}

GramsPerKilowattHour first_grid(const PricedRun& priced) { return priced.table.accounting.countries.front().intensity; }

void add_whole(const fs::path& run, const AssumptionOptions& assumptions, report::PastTrials& trials)
{
    const auto priced = priced_run(run, assumptions);
    const auto summary = run::read_summary(run);
    const auto& table = priced.table;
    for (std::size_t training = 0; training < table.trainings.size(); ++training) {
        const auto& label = table.trainings[training].outcome.label;
        const auto ended = std::ranges::find(summary.trainings, label, &run::TrainingSummary::label);
        if (ended != summary.trainings.end() && ended->from_store) continue;
        const auto column = static_cast<std::size_t>(
            std::ranges::find(table.columns, training, &report::Column::training) - table.columns.begin());
        trials.joules += table.columns[column].energy.operational() + table.trainings[training].coordinator;
        trials.grams +=
            table.cell(0, column).emissions.operational() + table.trainings[training].coordinator_emissions.front();
    }
    trials.joules += priced.run.wasted;
    trials.grams += priced.run.wasted * first_grid(priced);
}

}  // namespace

fs::path run_of_model(const fs::path& folder)
{
    if (!is_sweep_folder(folder)) return folder;
    const auto plan = read_sweep_file(folder);
    const auto search = find_search_result(folder);
    if (!search || search->winners.empty())
        throw SpecError{folder.string() + " is a sweep without a winner; give the run of " +
                        (folder / "runs").string() + " whose model is used, and the sweep by --searches"};
    const auto setting = settings(plan).at(search->winners.front().trial);
    return folder / "runs" / runs_of(plan, setting).front().name;
}

report::PastTrials past_trials(const fs::path& folder, const fs::path& model, const AssumptionOptions& assumptions)
{
    report::PastTrials trials{.name = folder.string()};
    const auto grid = first_grid(priced_run(model, assumptions));
    for (const auto& run : runs_in(folder)) {
        if (fs::equivalent(run, model)) continue;
        ++trials.runs;
        if (is_whole(run)) {
            add_whole(run, assumptions, trials);
            continue;
        }
        ++trials.unfinished;
        const auto spent = report::read_run_budget(run).spending.joules();
        trials.joules += spent;
        trials.grams += spent * grid;
    }
    return trials;
}

}  // namespace fedgram::experiments
