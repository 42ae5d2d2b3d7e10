#include "common/report/figure/over_seeds.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace fedgram::report {

namespace {

template <class Series>
using SameSeries = std::vector<const Series*>;

// Of one group, those of the same column or training stand together, in the order of the first run's.
template <class Series>
std::vector<SameSeries<Series>> by_name(const std::vector<Series>& all, const RunsOfSeeds& group)
{
    std::vector<SameSeries<Series>> result;
    for (const auto& series : all) {
        if (std::ranges::count(group.runs, series.source.run) == 0) continue;
        const auto same = [&](const auto& others) { return others.front()->source.name == series.source.name; };
        const auto found = std::ranges::find_if(result, same);
        if (found == result.end())
            result.push_back({&series});
        else
            found->push_back(&series);
    }
    return result;
}

template <class Series>
Source source_of(const SameSeries<Series>& seeds, const RunsOfSeeds& group)
{
    const auto missed = std::ranges::count_if(seeds, [](const auto* series) { return !series->source.missed.empty(); });
    const auto& first = seeds.front()->source;
    if (seeds.size() == 1) return {group.name, first.name, first.missed};
    return {group.name, first.name,
            missed == 0 ? "" : "missed in " + std::to_string(missed) + " of " + std::to_string(seeds.size())};
}

double mean(const std::vector<double>& values) { return statistics(values).mean; }

Curve mean_of(const SameSeries<Curve>& seeds, const RunsOfSeeds& group)
{
    struct AtRound {
        std::vector<double> spent;
        std::vector<double> accuracies;
    };
    std::map<std::uint32_t, AtRound> rounds;
    for (const auto* curve : seeds)
        for (const auto& point : curve->points) {
            rounds[point.round].spent.push_back(point.spent);
            rounds[point.round].accuracies.push_back(point.accuracy);
        }
    Curve result{source_of(seeds, group), {}};
    for (const auto& [round, at] : rounds) {
        const auto accuracy = statistics(at.accuracies);
        result.points.push_back({round, mean(at.spent), accuracy.mean, accuracy});
    }
    return result;
}

DotSeries mean_of(const SameSeries<DotSeries>& seeds, const RunsOfSeeds& group)
{
    DotSeries result{source_of(seeds, group), {}};
    for (std::size_t i = 0; i < seeds.front()->values.size(); ++i) {
        std::vector<double> values, lows, highs;
        for (const auto* series : seeds)
            if (const auto& value = series->values[i]) {
                values.push_back(value->value);
                lows.push_back(value->band.low);
                highs.push_back(value->band.high);
            }
        if (values.empty()) {
            result.values.emplace_back();
            continue;
        }
        const auto over = statistics(values);
        result.values.push_back(BandedValue{over.mean, {mean(lows), mean(highs)}, over});
    }
    return result;
}

Stack mean_of(const SameSeries<Stack>& seeds, const RunsOfSeeds& group)
{
    Stack result{source_of(seeds, group), {}};
    for (std::size_t i = 0; i < seeds.front()->values.size(); ++i) {
        std::vector<double> values;
        for (const auto* stack : seeds) values.push_back(stack->values[i]);
        result.values.push_back(mean(values));
    }
    return result;
}

template <class Series>
void replace(std::vector<Series>& all, std::span<const RunsOfSeeds> groups)
{
    std::vector<Series> means;
    for (const auto& group : groups)
        for (const auto& seeds : by_name(all, group)) means.push_back(mean_of(seeds, group));
    all = std::move(means);
}

void average(AccuracyCurves& content, std::span<const RunsOfSeeds> groups) { replace(content.curves, groups); }
void average(Dots& content, std::span<const RunsOfSeeds> groups) { replace(content.series, groups); }
void average(Stacks& content, std::span<const RunsOfSeeds> groups) { replace(content.stacks, groups); }

}  // namespace

Figure over_seeds(const Figure& figure, std::span<const RunsOfSeeds> groups)
{
    auto result = figure;
    std::visit([&](auto& content) { average(content, groups); }, result.content);
    result.several_runs = groups.size() > 1;
    result.over_seeds = true;
    return result;
}

}  // namespace fedgram::report
