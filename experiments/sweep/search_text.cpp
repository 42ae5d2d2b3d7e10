#include "experiments/sweep/search_text.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "common/report/seeds/statistics.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::size_t most_rows = 10;

std::string count_of(std::uint64_t count, const std::string& what)
{
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

std::string method_words(SearchMethod method)
{
    switch (method) {
        case SearchMethod::grid:
            return "a grid";
        case SearchMethod::random:
            return "settings drawn at random";
        case SearchMethod::successive_halving:
            return "successive halving";
        case SearchMethod::hyperband:
            return "Hyperband";
        case SearchMethod::asha:
            break;
    }
    return "ASHA";
}

std::string goal_words(const Objective& objective)
{
    switch (objective.kind) {
        case Objective::Kind::greenest:
            return "the fewest grams at " + text::percent(objective.min_accuracy) + " validation accuracy";
        case Objective::Kind::most_accurate:
            return "the best validation accuracy within " + text::significant(objective.max_gco2e) + " gCO2e";
        case Objective::Kind::pareto:
            break;
    }
    return "the front of validation accuracy against grams";
}

const TrialResult& trial_of(const SearchResult& result, const MeasuredTrial& winner)
{
    return *std::ranges::find(result.trials, winner.trial, &TrialResult::trial);
}

std::string answer_words(const CoursePoint& answer)
{
    return text::percent(answer.accuracy) + " on the validation split for " + text::significant(answer.gco2e) +
           " g, after " + count_of(answer.rounds, "round");
}

std::string test_words(const MeasuredTrial& winner)
{
    if (winner.test_accuracies.empty()) return "not measured on the test set, since its run failed";
    std::vector<double> percents;
    for (const auto accuracy : winner.test_accuracies) percents.push_back(100 * accuracy);
    return report::mean_text(report::statistics(percents)) + " % on the test set, which was looked at this once";
}

std::string price_sentence(const SweepPlan& plan, const SearchResult& result)
{
    const auto spent = result.price();
    const auto unfinished =
        std::ranges::count_if(result.trials, [](const auto& trial) { return !trial.ended && trial.failure.empty(); });
    const auto failed = std::ranges::count_if(result.trials, [](const auto& trial) { return !trial.failure.empty(); });
    std::string words = "The search's price: " + count_of(result.trials.size(), "trial") + " x " +
                        count_of(plan.seeds.size(), "seed") + ", " + count_of(spent.trained_rounds, "round") + ", " +
                        text::significant(spent.joules) + " J and " + text::significant(spent.gco2e) + " gCO2e" +
                        (result.country.empty() ? "" : " in " + result.country) + " (modelled), " +
                        text::significant(spent.core_seconds) + " CPU s of this machine";
    if (unfinished > 0 && plan.search.has_rungs())
        words += "; " + std::to_string(unfinished) + " stand behind a lower rung";
    if (failed > 0) words += "; " + std::to_string(failed) + " failed, and are in it";
    return words + ".";
}

/// Too few trials never fill the rungs below the top one.
std::string low_rungs_sentence(const SweepPlan& plan, const SearchResult& result)
{
    if (!plan.search.has_rungs() || result.trials.empty()) return {};
    const auto most = std::ranges::max_element(result.trials, {}, &TrialResult::rounds)->rounds;
    const bool any_ended = std::ranges::any_of(result.trials, &TrialResult::ended);
    if (any_ended || most >= plan.search.max_rounds) return {};
    return "No trial was trained beyond round " + std::to_string(most) + " of " +
           std::to_string(plan.search.max_rounds) + ": with so few trials, none gets to the top rung.";
}

std::vector<const TrialResult*> furthest(const SweepPlan& plan, const SearchResult& result)
{
    std::vector<const TrialResult*> trials;
    for (const auto& trial : result.trials) trials.push_back(&trial);
    const bool by_accuracy = plan.objective->kind != Objective::Kind::greenest;
    std::ranges::stable_sort(trials, [&](const TrialResult* one, const TrialResult* other) {
        const auto rank = [&](const TrialResult& trial) {
            return std::tuple{!trial.failure.empty(), !trial.answer.has_value(),
                              !trial.answer ? -trial.best_accuracy.value_or(0)
                              : by_accuracy ? -trial.answer->accuracy
                                            : trial.answer->gco2e};
        };
        return rank(*one) < rank(*other);
    });
    trials.resize(std::min(trials.size(), most_rows));
    return trials;
}

text::TextTable trial_table(const SweepPlan& plan, const SearchResult& result)
{
    std::vector<std::string> heading{"trial"};
    for (const auto& key : plan.keys) heading.push_back(short_key(plan, key.key));
    for (const auto* more :
         {"rounds", "best validation accuracy", "gCO2e spent, all seeds", "answers", "with gCO2e, mean"})
        heading.emplace_back(more);
    text::TextTable table{heading};
    for (const auto* trial : furthest(plan, result)) {
        std::vector<std::string> cells{std::to_string(trial->trial)};
        cells.insert(cells.end(), trial->values.begin(), trial->values.end());
        cells.push_back(std::to_string(trial->rounds));
        cells.push_back(!trial->failure.empty() ? "failed"
                        : trial->best_accuracy  ? text::percent(*trial->best_accuracy)
                                                : "-");
        cells.push_back(text::significant(trial->gco2e));
        cells.push_back(trial->answer ? "round " + std::to_string(trial->answer->rounds) : "-");
        cells.push_back(trial->answer ? text::significant(trial->answer->gco2e) : "-");
        table.add(std::move(cells));
    }
    return table;
}

}  // namespace

std::vector<std::string> search_sentences(const SweepPlan& plan, const SearchResult& result)
{
    std::vector<std::string> sentences;
    if (const auto& objective = plan.objective) {
        sentences.push_back("Looked for: " + goal_words(*objective) + " of " + result.training + ", by " +
                            method_words(plan.search.method) + ". No trial saw the test set.");
        if (result.winners.empty())
            sentences.emplace_back(result.stopped ? "No trial has got there so far." : "No trial gets there.");
        const bool is_front = objective->kind == Objective::Kind::pareto;
        for (const auto& winner : result.winners)
            sentences.push_back((is_front ? "On the front: " : "Winner: ") +
                                setting_name(plan, trial_of(result, winner).values) + ", with " +
                                answer_words(winner.answer) + "; " + test_words(winner) + ".");
    }
    sentences.push_back(price_sentence(plan, result));
    if (result.stopped)
        sentences.push_back("Stopped before its end, with " + std::to_string(result.trials.size()) + " of " +
                            std::to_string(result.planned) + " trials begun: nothing of this is the search's answer.");
    else if (auto sentence = low_rungs_sentence(plan, result); !sentence.empty())
        sentences.push_back(std::move(sentence));
    if (result.budget_spent)
        sentences.push_back("The budget of " + text::shortest(plan.budget->most) + " " +
                            std::string{name(plan.budget->unit)} +
                            " is spent: " + std::to_string(result.trials.size()) + " of " +
                            std::to_string(result.planned) + " trials began.");
    return sentences;
}

std::string search_text(const SweepPlan& plan, const SearchResult& result)
{
    std::string text;
    if (plan.objective) {
        text += trial_table(plan, result).text();
        if (result.trials.size() > most_rows)
            text += "(the best " + std::to_string(most_rows) + " of " + std::to_string(result.trials.size()) +
                    " trials; search.json has them all)\n";
        text += "\n";
    }
    for (const auto& sentence : search_sentences(plan, result)) text += sentence + "\n";
    return text;
}

std::string test_set_note(const SweepPlan& plan)
{
    if (plan.objective || std::ranges::none_of(plan.keys, &SweepKey::varies)) return {};
    return "Unless the specification holds a validation split out, these accuracies are of the test set: a setting "
           "that "
           "is picked by them has no honest estimate left. A sweep with an objective looks at a validation split, and "
           "at the test set once.";
}

std::string sweep_answer(const SweepPlan& plan, const std::optional<SearchResult>& search,
                         const std::vector<SweepRow>& rows)
{
    std::string text;
    if (search) text += search_text(plan, *search);
    if (plan.objective) return text;
    const auto note = test_set_note(plan);
    return text + (text.empty() ? "" : "\n") + sweep_table(plan, rows).text() + (note.empty() ? "" : note + "\n");
}

}  // namespace fedgram::experiments
