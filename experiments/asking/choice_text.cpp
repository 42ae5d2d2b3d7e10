#include <algorithm>

#include "common/text/banded_number.hpp"
#include "common/text/number_text.hpp"
#include "common/text/text_table.hpp"
#include "experiments/asking/choice.hpp"

namespace fedgram::experiments {

namespace {

using statistics::CensoredMean;
using statistics::Interval;

constexpr std::size_t most_rows = 12;

bool is_greenest(const Objective& objective) { return objective.kind == Objective::Kind::greenest; }

std::string grams_text(const CensoredMean& grams)
{
    return (grams.is_lower_bound() ? "> " : "") + text::significant(grams.mean);
}

std::string percent_interval(const Interval& interval)
{
    return text::percent(std::clamp(interval.low, 0.0, 1.0)) + " to " +
           text::percent(std::clamp(interval.high, 0.0, 1.0));
}

std::string grams_interval(const Interval& interval)
{
    return text::significant(std::max(0.0, interval.low)) + " to " + text::significant(interval.high);
}

std::string goal_words(const Candidates& candidates, const Objective& objective)
{
    return is_greenest(objective) ? "emits least on the way to " + text::percent(objective.min_accuracy) + " " +
                                        candidates.evaluated_on + " accuracy"
                                  : "is the most accurate within " + text::significant(objective.max_gco2e) + " gCO2e";
}

std::string question_words(const Candidates& candidates, const Objective& objective)
{
    return is_greenest(objective) ? text::percent(objective.min_accuracy) + " " + candidates.evaluated_on + " accuracy"
                                  : "an evaluation within " + text::significant(objective.max_gco2e) + " gCO2e";
}

std::string seeds_words(std::size_t count) { return std::to_string(count) + (count == 1 ? " seed" : " seeds"); }

/// "0.0123 g (95 % confidence 0.011 to 0.0136, 3 seeds)"
std::string figure_words(const Objective& objective, const Standing& standing)
{
    const auto& value = is_greenest(objective) ? standing.gco2e : *standing.accuracy;
    const auto figure = is_greenest(objective) ? text::significant(value.mean) + " g" : text::percent(value.mean);
    const auto sure = !value.interval ? std::string{"one seed, so that nobody knows how far others would lie from it"}
                                      : "95 % confidence " +
                                            (is_greenest(objective) ? grams_interval(*value.interval)
                                                                    : percent_interval(*value.interval)) +
                                            ", " + seeds_words(value.count);
    return figure + " (" + sure + ")";
}

std::string next_words(const Objective& objective, const Choice& choice)
{
    const auto& comparison = *choice.next;
    const auto& name = choice.standings[1].name;
    const bool greenest = is_greenest(objective);
    std::string words = "Next is " + name + ", " + figure_words(objective, choice.standings[1]);
    if (comparison.pairs < 2) return words + ".";
    words += ": ";
    const auto pairs = seeds_words(comparison.pairs);
    const auto worse = greenest ? comparison.more : comparison.less;
    if (comparison.more + comparison.less == 0) return words + "no seed tells them apart.";
    words += std::string{greenest ? "it emits more" : "it is less accurate"} + " in " + std::to_string(worse) + " of " +
             pairs;
    if (comparison.interval) {
        const auto sign = greenest ? 1.0 : -1.0;
        const auto low = std::min(sign * comparison.interval->low, sign * comparison.interval->high);
        const auto high = std::max(sign * comparison.interval->low, sign * comparison.interval->high);
        const auto shown = [&](double value) {
            return greenest ? text::significant(value) : text::fixed(100 * value, 2) + " points";
        };
        words += "; paired by seed, by " + shown(sign * *comparison.mean_difference) + (greenest ? " g" : "") +
                 " (95 % confidence " + shown(low) + " to " + shown(high) + ")";
        words += comparison.is_told_apart() ? "" : ", which may be chance";
    }
    return words + ".";
}

std::string influence_words(const Choice& choice)
{
    std::string words;
    for (const auto& one : choice.influences)
        words += (words.empty() ? "What moves the grams most: " : "; ") + one.key + ", a factor of " +
                 text::significant(one.factor) + " between " + one.least + " and " + one.most +
                 " (alone it goes with " + text::percent(one.share) + " of the variance of their logarithm)";
    return words + ".";
}

text::TextTable standings_table(const Candidates& candidates, const Objective& objective, const Choice& choice)
{
    text::TextTable table{{candidates.keys.empty() ? "column" : "setting", "answers",
                           candidates.evaluated_on + " accuracy", "gCO2e (" + candidates.country + ")",
                           is_greenest(objective) ? "95 % CI of the grams" : "95 % CI of the accuracy"}};
    for (std::size_t i = 0; i < std::min(most_rows, choice.standings.size()); ++i) {
        const auto& standing = choice.standings[i];
        const auto& measure = is_greenest(objective) || !standing.accuracy ? standing.gco2e : *standing.accuracy;
        table.add({standing.name,
                   std::to_string(standing.gco2e.reached) + " of " + std::to_string(standing.gco2e.count),
                   standing.accuracy ? text::percent(standing.accuracy->mean) : "-", grams_text(standing.gco2e),
                   !measure.interval        ? "-"
                   : is_greenest(objective) ? grams_interval(*measure.interval)
                                            : percent_interval(*measure.interval)});
    }
    return table;
}

}  // namespace

std::vector<std::string> choice_sentences(const Candidates& candidates, const Objective& objective,
                                          const Choice& choice)
{
    std::vector<std::string> sentences;
    const auto count = candidates.list.size();
    const std::string what = candidates.keys.empty() ? "column" : "setting";
    const auto of_all = "Of " + std::to_string(count) + " " + what + (count == 1 ? "" : "s");
    if (choice.answering == 0) {
        sentences.push_back(of_all +
                            ", none gets there in each of its seeds: " + question_words(candidates, objective) + ".");
        return sentences;
    }
    const auto& best = choice.standings.front();
    sentences.push_back(of_all + ", " + best.name + " " + goal_words(candidates, objective) + ": " +
                        figure_words(objective, best) + ", in " + candidates.country +
                        (candidates.keys.empty() ? "." : ", on the first device of each training."));
    if (choice.next) sentences.push_back(next_words(objective, choice));
    if (const auto missing = count - choice.answering; missing > 0)
        sentences.push_back(std::to_string(missing) + (missing == 1 ? " does" : " do") +
                            " not get there in each seed; what they had emitted by their end is a lower bound, and "
                            "shown as one.");
    if (candidates.cut_short)
        sentences.emplace_back("The search let some trials go before their end; they count with what they had shown.");
    if (is_greenest(objective) && !choice.influences.empty()) sentences.push_back(influence_words(choice));
    if (candidates.evaluated_on == "test" && count > 1)
        sentences.emplace_back(
            "This chooses by the test set: the winner's accuracy on it is no honest estimate of new data's. A search "
            "with an objective holds a validation split out.");
    return sentences;
}

std::string choice_text(const Candidates& candidates, const Objective& objective, const Choice& choice)
{
    auto text = standings_table(candidates, objective, choice).text();
    if (choice.standings.size() > most_rows)
        text += "(the first " + std::to_string(most_rows) + " of " + std::to_string(choice.standings.size()) +
                "; --json has them all)\n";
    text += "\n";
    for (const auto& sentence : choice_sentences(candidates, objective, choice)) text += sentence + "\n";
    return text;
}

}  // namespace fedgram::experiments
