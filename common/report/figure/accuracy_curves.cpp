#include "common/report/figure/accuracy_curves.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>

#include "common/error/error.hpp"
#include "common/report/figure/spending.hpp"

namespace fedgram::report {

namespace {

/// What a curve is of, where it is in the table, and what it spends.
struct Spender {
    std::string name;
    std::size_t training;
    std::vector<SpentSoFar> spent;
};

using Spenders = std::vector<Spender> (*)(const PlottedRun& run);
using Amount = double (*)(const SpentSoFar& spent);

// Whether an evaluation belongs to what the table prices: --target leaves later ones out.
bool counts(const run::RoundLine& line, const run::TrainingOutcome& outcome)
{
    return line.training == outcome.label && line.round <= outcome.rounds && line.evaluation &&
           std::isfinite(line.evaluation->test_accuracy);
}

Curve curve_of(const PlottedRun& run, const Spender& spender, Amount amount)
{
    const auto& outcome = run.run->trainings[spender.training].outcome;
    Curve curve{{run.name, spender.name, outcome.missed_target() ? outcome.missed_words() : ""}, {}};
    for (const auto& line : *run.rounds) {
        if (!counts(line, outcome)) continue;
        // A round whose work is all wasted adds nothing to what was spent before it.
        const auto behind = std::ranges::upper_bound(spender.spent, line.round, {}, &SpentSoFar::round);
        SpentSoFar spent = behind == spender.spent.begin() ? SpentSoFar{} : *(behind - 1);
        spent.round = line.round;
        curve.points.push_back({line.round, amount(spent), line.evaluation->test_accuracy});
    }
    return curve;
}

Figure figure(std::span<const PlottedRun> runs, Axis axis, Spenders spenders, Amount amount)
{
    AccuracyCurves content{std::move(axis), {}, {}};
    std::set<double> targets;
    for (const auto& run : runs) {
        if (run.run->target) targets.insert(*run.run->target);
        bool has_accuracy = false;
        for (const auto& spender : spenders(run)) {
            content.curves.push_back(curve_of(run, spender, amount));
            has_accuracy = has_accuracy || !content.curves.back().points.empty();
        }
        if (!has_accuracy)
            throw SpecError{run.name +
                            ": rounds.jsonl has no accuracy, so there is no curve; gco2e-by-country and "
                            "energy-by-phase need none"};
    }
    content.targets = {targets.begin(), targets.end()};
    auto title = runs.front().table->name + ": " + std::string{run::name(runs.front().run->evaluated_on)} +
                 " accuracy by " + content.spent.label();
    return {std::move(title), std::move(content), runs.size() > 1};
}

std::vector<Spender> by_training(const PlottedRun& run)
{
    std::vector<Spender> spenders;
    for (std::size_t i = 0; i < run.run->trainings.size(); ++i)
        spenders.push_back({run.run->trainings[i].outcome.label, i, {}});
    return spenders;
}

std::vector<Spender> by_device(const PlottedRun& run)
{
    std::vector<Spender> spenders;
    std::set<std::pair<std::size_t, std::string>> seen;
    for (std::size_t i = 0; i < run.table->columns.size(); ++i) {
        const auto& column = run.table->columns[i];
        if (column.measured || !seen.insert({column.training, column.device}).second) continue;
        spenders.push_back({run.table->outcome(column).label + ", " + column.device, column.training,
                            spending(*run.table, i, *run.run)});
    }
    return spenders;
}

std::vector<Spender> by_column(const PlottedRun& run)
{
    std::vector<Spender> spenders;
    for (std::size_t i = 0; i < run.table->columns.size(); ++i) {
        const auto& column = run.table->columns[i];
        if (!column.measured) spenders.push_back({column.heading, column.training, spending(*run.table, i, *run.run)});
    }
    return spenders;
}

// What a round is called in a centralized training, too.
std::string unit_of_rounds(std::span<const PlottedRun> runs)
{
    bool rounds = false;
    bool evaluations = false;
    for (const auto& run : runs)
        for (const auto& training : run.run->trainings)
            (training.outcome.kind == run::TrainingKind::federated ? rounds : evaluations) = true;
    if (!evaluations) return "rounds";
    return rounds ? "rounds; centralized: evaluations" : "evaluations";
}

}  // namespace

const std::string& first_country(std::span<const PlottedRun> runs)
{
    const auto name = [](const PlottedRun& run) -> const std::string& {
        return run.table->accounting.countries.front().name;
    };
    for (const auto& run : runs)
        if (name(run) != name(runs.front()))
            throw SpecError{"the first country is " + name(runs.front()) + " in " + runs.front().name + " and " +
                            name(run) + " in " + run.name + "; give one to all by --countries"};
    return name(runs.front());
}

Figure accuracy_by_rounds(std::span<const PlottedRun> runs)
{
    return figure(runs, {"Training", unit_of_rounds(runs), "round", Axis::Scale::linear}, by_training,
                  [](const SpentSoFar& spent) { return static_cast<double>(spent.round); });
}

Figure accuracy_by_time(std::span<const PlottedRun> runs)
{
    return figure(runs, {"Virtual time, as modelled", "s", "virtual_seconds"}, by_device,
                  [](const SpentSoFar& spent) { return spent.virtual_time.count(); });
}

Figure accuracy_by_joules(std::span<const PlottedRun> runs)
{
    return figure(runs, {"Energy with PUE and network", "J", "joules"}, by_column,
                  [](const SpentSoFar& spent) { return spent.energy.count(); });
}

Figure accuracy_by_grams(std::span<const PlottedRun> runs)
{
    return figure(runs, {"Emissions, " + first_country(runs), "gCO2e", "gco2e"}, by_column,
                  [](const SpentSoFar& spent) { return spent.emissions.count(); });
}

}  // namespace fedgram::report
