#include "experiments/analysis/result.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/text/joined.hpp"
#include "common/text/number_text.hpp"
#include "experiments/analysis/goal_text.hpp"
#include "experiments/analysis/ranking.hpp"

namespace fedgram::experiments::analysis {

namespace {

constexpr double least_percent_told = 0.1;  // what is less is no gain
constexpr double least_percent_told_as_times = 100;

std::string counted(std::size_t count, const std::string& noun)
{
    return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::vector<CurvePoint> curve_of(const Configuration& configuration, std::span<const JournalEntry> entries)
{
    std::vector<CurvePoint> points;
    for (const auto& [probe, measurement] : entries) {
        const auto p99 = value_of(measurement, Metric::p99);
        if (probe.configuration == configuration && measurement.counts() && p99)
            points.push_back({probe.load, *p99, measurement.throughput_per_s, measurement.memory_bytes});
    }
    std::ranges::stable_sort(points, {}, [](const CurvePoint& point) {
        return std::pair{point.p99_ms, -point.throughput_per_s};
    });
    std::vector<CurvePoint> rising;
    for (const auto& point : points)
        if (rising.empty() || point.throughput_per_s > rising.back().throughput_per_s) rising.push_back(point);
    return rising;
}

/// "p99 latency is 12.5 ms instead of at most 10.0 ms".
std::string broken_text(const Goal& goal, const Measurement& measurement)
{
    std::vector<std::string> parts;
    if (!measurement.stable) parts.push_back("it isn't stable");
    for (const auto& constraint : goal.constraints) {
        if (violation(constraint, measurement) == 0) continue;
        const auto value = value_of(measurement, constraint.metric);
        parts.push_back(metric_name(constraint.metric) + " is " +
                        (value ? metric_text(constraint.metric, *value) : "not known") + " instead of " +
                        (more_is_better(constraint.metric) ? "at least " : "at most ") +
                        metric_text(constraint.metric, constraint.bound));
    }
    return text::joined(parts, ", ");
}

/// "on t4", "on t4, of t4, v100 and a100".
std::string place_text(const Configuration& configuration, const Space& space)
{
    auto place = configuration.device == "here" ? "on this machine" : "on " + configuration.device;
    if (space.devices.size() == 1) return place;
    const auto others = std::span{space.devices}.first(space.devices.size() - 1);
    return place + ", of " + text::joined(others) + " and " + space.devices.back();
}

/// Why there is nothing to compare with; empty where there is.
std::string missing_default_text(const std::optional<Standing>& by_default)
{
    if (!by_default) return "; the default configuration can't be run";
    if (!by_default->best.measurement.stable) return "; the default configuration isn't stable";
    return by_default->keeps_constraints ? "" : "; the default configuration doesn't keep them";
}

std::string comparison_text(const AnalysisResult& result, const Space& space, const Goal& goal,
                            const std::vector<Variant>& variants)
{
    const auto& best = result.best.front().best;
    const auto name = configuration_text(best.probe.configuration, variants);
    const auto place = place_text(best.probe.configuration, space);
    if (!result.best.front().keeps_constraints)
        return "none keeps the constraints; " + name + " comes closest, " + place + ": " +
               broken_text(goal, best.measurement);
    const auto under = (goal.constraints.empty() ? ", " : ", under the given constraints, ") + place;
    const auto at = " at " + objectives_text(goal) + under;
    if (best.probe.configuration == space.default_configuration() ||
        (result.percent_better && std::abs(*result.percent_better) < least_percent_told && goal.objectives.size() == 1))
        return "none gains over the default configuration, " +
               configuration_text(space.default_configuration(), variants) + "," + at;
    if (result.percent_better && *result.percent_better >= least_percent_told_as_times && goal.objectives.size() == 1)
        return name + " has " + text::significant(1 + *result.percent_better / 100) + " times the " +
               metric_name(goal.objectives.front().metric) + " of the default configuration (" +
               load_text(result.by_default->best.probe.load) + ")" + under;
    // Of several objectives what scores more may be less in per cent, where one gets many times worse.
    if (result.percent_better && *result.percent_better > 0)
        return name + " is " + text::significant(*result.percent_better) +
               " % better than the default configuration (" + load_text(result.by_default->best.probe.load) + ")" + at;
    return name + " is the best" + at + missing_default_text(result.by_default);
}

}  // namespace

AnalysisResult result_of(std::span<const JournalEntry> entries, const Space& space, const Goal& goal)
{
    AnalysisResult result{.measurements = entries.size()};
    for (const auto& entry : best_of_configurations(goal, entries)) {
        ++result.configurations;
        if (!entry.measurement.failure.empty()) {
            if (result.failure.empty()) result.failure = entry.measurement.failure;
            continue;
        }
        const auto& configuration = entry.probe.configuration;
        const Standing standing{entry, keeps(goal, entry.measurement), curve_of(configuration, entries)};
        if (configuration == space.default_configuration()) result.by_default = standing;
        if (result.best.size() < best_configurations) result.best.push_back(standing);
    }
    if (!result.best.empty()) result.failure.clear();
    if (!result.best.empty() && result.best.front().keeps_constraints && result.by_default &&
        result.by_default->keeps_constraints)
        result.percent_better =
            percent_better(goal, result.best.front().best.measurement, result.by_default->best.measurement);
    return result;
}

std::string configuration_text(const Configuration& configuration, const std::vector<Variant>& variants)
{
    auto name = variants.at(configuration.variant).name + " with " + counted(configuration.instances, "instance");
    const auto delay = configuration.queue_delay_us;
    name += delay > 0 ? ", " : " and ";
    name +=
        configuration.max_batch == 1 ? "no batches" : "batches of at most " + std::to_string(configuration.max_batch);
    return delay > 0 ? name + " and a queue delay of " + std::to_string(delay) + " us" : name;
}

std::string load_text(const Load& load)
{
    // A whole number without an exponent, which a round one of thousands would have.
    const bool is_whole = load.amount == std::floor(load.amount);
    const auto amount = is_whole ? text::fixed(load.amount, 0) : text::shortest(load.amount);
    if (load.kind == Load::Kind::rate) return amount + "/s";
    return amount + (load.amount == 1 ? " client" : " clients");
}

std::string result_sentence(const AnalysisResult& result, const Space& space, const Goal& goal,
                            const std::vector<Variant>& variants)
{
    return "In " + counted(result.measurements, "measurement") + " across " +
           counted(result.configurations, "configuration") + ", " +
           (result.best.empty() ? "none could be run: " + result.failure
                                : comparison_text(result, space, goal, variants)) +
           ".";
}

}  // namespace fedgram::experiments::analysis
