#include "experiments/asking/past_trials.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "common/error/error.hpp"
#include "common/report/budget/run_budget.hpp"
#include "common/report/lifecycle/development.hpp"
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

/// A winner that was measured by another training than its trial's own, which the store didn't have.
bool trained_again(const fs::path& measuring)
{
    if (!is_run(measuring)) return false;
    const auto summary = run::find_summary(measuring);
    return !summary || !std::ranges::all_of(summary->trainings,
                                            [](const auto& training) { return training.from_store.has_value(); });
}

/// Those that have begun, whether they ended or not, and those that measured winners.
std::vector<fs::path> runs_in(const fs::path& folder)
{
    if (!is_sweep_folder(folder) && !is_run(folder))
        throw SpecError{folder.string() + " is no folder of a run or a sweep; give the --out of one"};
    if (!is_sweep_folder(folder)) return {folder};
    std::vector<fs::path> runs;
    for (const auto& run : expand(read_sweep_file(folder))) {
        if (is_run(folder / "runs" / run.name)) runs.push_back(folder / "runs" / run.name);
        if (trained_again(folder / "winner" / run.name)) runs.push_back(folder / "winner" / run.name);
    }
    return runs;
}

/// Every planned training of a whole run has an end, by its rule or since it was told to stop.
bool is_whole(const fs::path& run)
{
    const auto summary = run::find_summary(run);
    return summary && summary->trainings.size() >= run::read_spec_file(run).trainings.size();
}

report::Electricity electricity_of(const PricedRun& priced)
{
    const auto& accounting = priced.table.accounting;
    return {accounting.countries.front().intensity, accounting.energy_usd_per_kwh.value};
}

report::Spent by_ledger(Joules joules, const report::Electricity& electricity)
{
    return report::spent(joules, electricity.grid, electricity.usd_per_kilowatt_hour);
}

/// Runs, each once.
class Spending {
public:
    Spending(const fs::path& model, const AssumptionOptions& assumptions)
        : assumptions_{assumptions},
          electricity_{electricity_of(priced_run(model, assumptions))},
          counted_{fs::canonical(model)}
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
        const auto budget = report::read_run_budget(run).spending;
        auto spent = by_ledger(budget.joules(), electricity_);
        spent.device_time = budget.device_time;
        trials.spent = trials.spent + spent;
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
            trials.spent = trials.spent + report::training_spent(table, priced.run, column) +
                           report::evaluation_spent(table, priced.run, training);
        }
        for (const auto& row : table.reductions.rows) trials.spent = trials.spent + report::levers_spent(table, row);
        trials.spent = trials.spent + by_ledger(priced.run.wasted, electricity_);
        trials.spent.embodied.reset();  // in no life: many trials' devices have no known making
        trials.spent.embodied_ends.reset();
    }

    const AssumptionOptions& assumptions_;
    report::Electricity electricity_;
    std::set<fs::path> counted_;
    std::set<std::string>
        taken_;  // parameters that the model's run has from a store, and whose training nobody had yet
};

}  // namespace

ModelRun run_of_model(const fs::path& folder)
{
    if (!is_sweep_folder(folder)) return {folder};
    const auto plan = read_sweep_file(folder);
    const auto search = find_search_result(folder);
    if (!search || search->winners.empty())
        throw SpecError{folder.string() + " is a sweep without a winner; give the run of " +
                        (folder / "runs").string() + " whose model is used, and the sweep by --searches"};
    const auto& winner = search->winners.front();
    const auto all = settings(plan);
    if (winner.trial >= all.size())
        throw DataError{(folder / search_file).string() + ": winners[0].trial: " + std::to_string(winner.trial) +
                        " is no trial of the sweep, which has " + std::to_string(all.size())};
    const auto run = runs_of(plan, all[winner.trial]).front().name;
    // Where it was not let go on, or had its answer before its end, its model was trained to the answer's round when it
    // was measured on the test set.
    const auto trial = std::ranges::find(search->trials, winner.trial, &TrialResult::trial);
    const bool is_cut = trial != search->trials.end() && (!trial->ended || winner.answer.rounds < trial->rounds);
    const auto model = folder / (is_cut ? "winner" : "runs") / run;
    if (is_run(model) && is_whole(model)) {
        const auto others = search->winners.size() - 1;
        return {model, "The model is that of " + model.string() +
                           (others == 0 ? ", the search's winner."
                                        : ", with the fewest grams on the front; give the run of another to take one "
                                          "of the " +
                                              std::to_string(others) + " others, and the sweep by --searches.")};
    }
    throw SpecError{folder.string() + ": its winner, " + run + ", has no whole run in " + model.string() +
                    "; call `fedgram sweep` again as before, which trains what is lacking, or give the run of " +
                    (folder / "runs").string() + " whose model is used, and the sweep by --searches"};
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
