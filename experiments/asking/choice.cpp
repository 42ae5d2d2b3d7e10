#include "experiments/asking/choice.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

using statistics::Observation;

constexpr std::size_t fewest_for_influence = 3;

bool is_greenest(const Objective& objective) { return objective.kind == Objective::Kind::greenest; }

/// What it emits until it answers, or has emitted without.
Observation grams_of(const Objective& objective, const Course& course)
{
    const auto answer = answer_of(objective, course);
    if (answer && !course.failed) return {answer->gco2e, true};
    return {course.points.empty() ? 0 : course.points.back().gco2e, false};
}

Standing standing_of(const Objective& objective, const Candidate& candidate, std::size_t place)
{
    std::vector<Observation> grams;
    std::vector<Observation> accuracies;
    for (const auto& run : candidate.runs) {
        grams.push_back(grams_of(objective, run.course));
        if (const auto answer = answer_of(objective, run.course)) accuracies.push_back({answer->accuracy, true});
    }
    Standing standing{.name = candidate.name, .gco2e = statistics::censored_mean(grams), .place = place};
    if (!accuracies.empty()) standing.accuracy = statistics::censored_mean(accuracies);
    return standing;
}

/// Seed by seed, where both have it.
std::optional<statistics::PairedComparison> compared(const Objective& objective, const Candidate& first,
                                                     const Candidate& second)
{
    std::vector<statistics::ObservedPair> pairs;
    for (const auto& one : first.runs)
        for (const auto& other : second.runs) {
            if (one.seed != other.seed) continue;
            if (is_greenest(objective)) {
                pairs.push_back({grams_of(objective, one.course), grams_of(objective, other.course)});
            } else {
                const auto a = answer_of(objective, one.course);
                const auto b = answer_of(objective, other.course);
                if (a && b) pairs.push_back({{a->accuracy}, {b->accuracy}});
            }
        }
    if (pairs.empty()) return std::nullopt;
    return statistics::paired_comparison(pairs);
}

std::optional<double> number_of(const std::string& text)
{
    try {
        return std::stod(text);
    } catch (const std::exception&) {
        return std::nullopt;
    }
}

/// Values that were drawn are each of one setting alone: they become those below their median, and the others.
std::map<std::string, std::vector<double>> halves_of(const std::map<std::string, std::vector<double>>& by_value)
{
    std::vector<std::pair<double, double>> grams;  // by value
    for (const auto& [value, logarithms] : by_value) {
        const auto number = number_of(value);
        if (!number || logarithms.size() > 1) return by_value;
        grams.emplace_back(*number, logarithms.front());
    }
    if (grams.size() < 4) return by_value;
    std::ranges::sort(grams);
    const auto middle = grams[grams.size() / 2].first;
    const auto shown = text::significant(middle);
    std::map<std::string, std::vector<double>> halves;
    for (const auto& [value, logarithm] : grams)
        halves[value < middle ? "below " + shown : "from " + shown + " on"].push_back(logarithm);
    return halves;
}

KeyInfluence influence_of(const std::string& key, std::size_t place, const Candidates& candidates,
                          const std::vector<Standing>& standings)
{
    std::map<std::string, std::vector<double>> by_value;  // logarithms of grams
    std::vector<double> all;
    for (const auto& standing : standings) {
        if (standing.gco2e.is_lower_bound() || !(standing.gco2e.mean > 0)) continue;
        const auto grams = std::log(standing.gco2e.mean);
        by_value[candidates.list[standing.place].values[place]].push_back(grams);
        all.push_back(grams);
    }
    const auto mean = [](const std::vector<double>& values) {
        double sum = 0;
        for (const auto value : values) sum += value;
        return sum / static_cast<double>(values.size());
    };
    KeyInfluence influence{.key = key};
    if (by_value.size() < 2) return influence;
    by_value = halves_of(by_value);
    const auto of_all = mean(all);
    double between = 0;
    double total = 0;
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    for (const auto& [value, grams] : by_value) {
        const auto of_value = mean(grams);
        between += static_cast<double>(grams.size()) * (of_value - of_all) * (of_value - of_all);
        if (of_value < least) std::tie(least, influence.least) = std::pair{of_value, value};
        if (of_value > most) std::tie(most, influence.most) = std::pair{of_value, value};
    }
    for (const auto one : all) total += (one - of_all) * (one - of_all);
    influence.factor = std::exp(most - least);
    influence.share = total > 0 ? between / total : 0;
    return influence;
}

}  // namespace

Choice choose(const Candidates& candidates, const Objective& objective)
{
    Choice choice;
    for (std::size_t i = 0; i < candidates.list.size(); ++i)
        choice.standings.push_back(standing_of(objective, candidates.list[i], i));
    const auto rank = [&](const Standing& standing) {
        const bool answers = !standing.gco2e.is_lower_bound();
        const auto accuracy = standing.accuracy ? standing.accuracy->mean : 0;
        return std::tuple{!answers, answers && is_greenest(objective) ? standing.gco2e.mean : -accuracy,
                          standing.gco2e.mean};
    };
    std::ranges::stable_sort(choice.standings, {}, rank);
    choice.answering = static_cast<std::size_t>(std::ranges::count_if(
        choice.standings, [](const Standing& standing) { return !standing.gco2e.is_lower_bound(); }));
    if (choice.answering > 1)
        choice.next =
            compared(objective, candidates.list[choice.standings[0].place], candidates.list[choice.standings[1].place]);
    // Of fewer, or of several trainings, which a key may not touch, there is nothing to be told apart.
    const auto& first = candidates.list.front().training;
    const bool same = std::ranges::all_of(candidates.list, [&](const auto& one) { return one.training == first; });
    for (std::size_t key = 0; same && choice.answering >= fewest_for_influence && key < candidates.keys.size(); ++key)
        if (auto influence = influence_of(candidates.keys[key], key, candidates, choice.standings);
            influence.factor > 1)
            choice.influences.push_back(std::move(influence));
    std::ranges::stable_sort(choice.influences, std::greater{}, &KeyInfluence::factor);
    return choice;
}

}  // namespace fedgram::experiments
