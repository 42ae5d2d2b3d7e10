#include "experiments/asking/past_trials.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "common/error/error.hpp"
#include "common/report/budget/run_budget.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "common/units/quantity.hpp"
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

/// Runs, each once.
class Spending {
public:
    Spending(const fs::path& model, const AssumptionOptions& assumptions)
        : assumptions_{assumptions}, grid_{first_grid(priced_run(model, assumptions))}, counted_{fs::canonical(model)}
    {
        for (const auto& training : run::read_summary(model).trainings)
            if (training.from_store) taken_.insert(training.parameters_sha256);
    }

    void add(const fs::path& run, report::PastTrials& trials)
    {
        if (!counted_.insert(fs::canonical(run)).second) return;
        ++trials.runs;
        if (is_whole(run)) {
            add_whole(run, trials);
            return;
        }
        ++trials.unfinished;
        const auto spent = report::read_run_budget(run).spending.joules();
        trials.joules += spent;
        trials.grams += spent * grid_;
    }

private:
    // One run has trained what the model's took from a store.
    [[nodiscard]] bool counts(const run::TrainingSummary& training)
    {
        return !training.from_store && taken_.erase(training.parameters_sha256) == 0;
    }

    void add_whole(const fs::path& run, report::PastTrials& trials)
    {
        const auto priced = priced_run(run, assumptions_);
        const auto summary = run::read_summary(run);
        const auto& table = priced.table;
        for (std::size_t training = 0; training < table.trainings.size(); ++training) {
            const auto& label = table.trainings[training].outcome.label;
            const auto ended = std::ranges::find(summary.trainings, label, &run::TrainingSummary::label);
            if (ended != summary.trainings.end() && !counts(*ended)) continue;
            const auto column = static_cast<std::size_t>(
                std::ranges::find(table.columns, training, &report::Column::training) - table.columns.begin());
            trials.joules += table.columns[column].energy.operational() + table.trainings[training].coordinator;
            trials.grams +=
                table.cell(0, column).emissions.operational() + table.trainings[training].coordinator_emissions.front();
        }
        for (const auto& row : table.reductions.rows) {
            trials.joules += row.one_off;
            trials.grams += row.one_off_grams;
        }
        trials.joules += priced.run.wasted;
        trials.grams += priced.run.wasted * grid_;
    }

    const AssumptionOptions& assumptions_;
    GramsPerKilowattHour grid_;
    std::set<fs::path> counted_;
    std::set<std::string>
        taken_;  // parameters that the model's run has from a store, and whose training nobody had yet
};

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

std::vector<report::PastTrials> past_trials(const std::vector<fs::path>& folders, const fs::path& model,
                                            const AssumptionOptions& assumptions)
{
    std::vector<report::PastTrials> all;
    if (folders.empty()) return all;
    Spending spending{model, assumptions};
    for (const auto& folder : folders) {
        all.push_back({.name = folder.string()});
        for (const auto& run : runs_in(folder)) spending.add(run, all.back());
    }
    return all;
}

}  // namespace fedgram::experiments
