#include "experiments/commands/analyze_goal.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <cmath>

#include "common/error/error.hpp"
#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

struct ObjectiveWord {
    std::string_view word;
    analysis::Metric metric;
};

constexpr std::array<ObjectiveWord, 8> objective_words{{{"throughput", analysis::Metric::throughput},
                                                        {"p99", analysis::Metric::p99},
                                                        {"memory", analysis::Metric::memory},
                                                        {"accuracy", analysis::Metric::accuracy},
                                                        {"joules", analysis::Metric::joules},
                                                        {"grams", analysis::Metric::grams},
                                                        {"core-seconds", analysis::Metric::core_seconds},
                                                        {"usd", analysis::Metric::usd}}};

analysis::Objective objective_of(const std::string& text)
{
    const auto equals = text.find('=');
    const auto word = text.substr(0, equals);
    const auto known = std::ranges::find(objective_words, word, &ObjectiveWord::word);
    std::vector<std::string> words;
    for (const auto& one : objective_words) words.emplace_back(one.word);
    const auto right = text::joined(words) + ", with =WEIGHT where there are several";
    if (known == objective_words.end()) throw SpecError{"--objective: \"" + text + "\" is not valid; use " + right};
    analysis::Objective objective{known->metric, 1};
    if (equals == std::string::npos) return objective;
    const auto* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data() + equals + 1, end, objective.weight);
    if (error != std::errc{} || stop != end)
        throw SpecError{"--objective: \"" + text + "\" has no number for its weight; use " + right};
    if (!(objective.weight >= analysis::least_weight && objective.weight <= analysis::most_weight))
        throw SpecError{"--objective: \"" + text + "\" is not valid; use a weight from " +
                        text::shortest(analysis::least_weight) + " to " + text::shortest(analysis::most_weight)};
    return objective;
}

/// "--max-joules-per-1000".
std::string constraint_option(analysis::Metric metric)
{
    using analysis::Metric;
    switch (metric) {
        case Metric::throughput:
            return "--min-throughput";
        case Metric::p99:
            return "--max-p99-ms";
        case Metric::memory:
            return "--max-memory-mb";
        case Metric::accuracy:
            return "--min-accuracy";
        case Metric::joules:
            return "--max-joules-per-1000";
        case Metric::grams:
            return "--max-grams-per-1000";
        case Metric::core_seconds:
            return "--max-core-seconds-per-1000";
        case Metric::usd:
            return "--max-usd-per-1000";
    }
    assert(false);
    return {};
}

}  // namespace

analysis::Goal goal_of(const AnalyzeOptions& options)
{
    if (options.min_accuracy && *options.min_accuracy > 1)
        throw SpecError{"--min-accuracy: " + text::shortest(*options.min_accuracy) +
                        " is more than 1; give a fraction of 1, such as 0.95"};
    analysis::Goal goal;
    const auto add = [&](analysis::Metric metric, std::optional<double> bound, double unit = 1) {
        if (!bound) return;
        if (!(*bound > 0) || std::isinf(*bound * unit))
            throw SpecError{constraint_option(metric) + ": " + text::shortest(*bound) +
                            " is not valid; use a number above 0"};
        goal.constraints.push_back({metric, *bound * unit});
    };
    add(analysis::Metric::throughput, options.min_throughput);
    add(analysis::Metric::p99, options.max_p99_ms);
    add(analysis::Metric::memory, options.max_memory_mb, 1e6);
    add(analysis::Metric::accuracy, options.min_accuracy);
    add(analysis::Metric::joules, options.max_joules);
    add(analysis::Metric::grams, options.max_grams);
    add(analysis::Metric::core_seconds, options.max_core_seconds);
    add(analysis::Metric::usd, options.max_usd);
    if (options.objectives.empty()) return goal;
    goal.objectives.clear();
    for (const auto& text : options.objectives) goal.objectives.push_back(objective_of(text));
    return goal;
}

void refuse_unknown(const analysis::Goal& goal, const AnalyzedServer& server)
{
    for (const auto& objective : goal.objectives) {
        const auto known = std::ranges::find(objective_words, objective.metric, &ObjectiveWord::metric);
        if (const auto why = server.why_unknown(objective.metric); !why.empty())
            throw SpecError{"--objective: \"" + std::string{known->word} + "\" can't be looked for: " + why};
    }
    for (const auto& constraint : goal.constraints)
        if (const auto why = server.why_unknown(constraint.metric); !why.empty())
            throw SpecError{constraint_option(constraint.metric) + ": " + text::shortest(constraint.bound) +
                            " can't be kept: " + why};
}

}  // namespace fedgram::experiments
