#include "experiments/sweep/sweep_runs.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/cut_short.hpp"
#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "experiments/search/rungs.hpp"
#include "experiments/sweep/run_name.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::size_t longest_name = 240;  // file systems take 255 bytes, of which a log takes some for its ending
constexpr int most_redraws = 1000;

/// Whether the keys before `place` have the values on which it depends.
bool is_set(const SweepPlan& plan, std::size_t place, const Setting& before)
{
    return std::ranges::all_of(plan.keys[place].when, [&](const auto& condition) {
        const auto other =
            static_cast<std::size_t>(std::ranges::find(plan.keys, condition.first, &SweepKey::key) - plan.keys.begin());
        return before[other] && std::ranges::count(condition.second, *before[other]) > 0;
    });
}

std::vector<Setting> combinations(const SweepPlan& plan)
{
    std::vector<Setting> all{{}};
    for (std::size_t place = 0; place < plan.keys.size(); ++place) {
        std::vector<Setting> longer;
        for (const auto& setting : all) {
            if (!is_set(plan, place, setting)) {
                longer.push_back(setting);
                longer.back().emplace_back(std::nullopt);
                continue;
            }
            for (const auto& value : plan.keys[place].values) {
                longer.push_back(setting);
                longer.back().emplace_back(value);
            }
        }
        all = std::move(longer);
    }
    return all;
}

/// With four digits: nobody would write down more of a rate that was drawn.
std::string drawn(const ValueRange& range, Stream& stream)
{
    const auto between = [&](double low, double high) { return low + (high - low) * stream.uniform(); };
    // Half a step around whole numbers, so that the ends come as often as the others.
    const double margin = range.whole ? 0.5 : 0;
    const double low = range.low - margin;
    const double high = range.high + margin;
    const auto value = range.logarithmic ? std::exp(between(std::log(low), std::log(high))) : between(low, high);
    if (range.whole) {
        const auto nearest = std::clamp(std::round(value), range.low, range.high);
        return std::to_string(static_cast<std::int64_t>(nearest));
    }
    char text[32];
    std::snprintf(text, sizeof text, "%.4g", std::clamp(value, range.low, range.high));
    return nlohmann::ordered_json::parse(text).dump();
}

Setting draw(const SweepPlan& plan, std::uint64_t trial, std::uint64_t again)
{
    Stream stream{plan.search.seed, Purpose::search, trial, again};
    Setting setting;
    for (std::size_t place = 0; place < plan.keys.size(); ++place) {
        const auto& key = plan.keys[place];
        // Drawn where it isn't set, too, so that no key's condition moves what another one draws.
        auto value = key.range ? drawn(*key.range, stream) : key.values[stream.below(key.values.size())];
        setting.push_back(is_set(plan, place, setting) ? std::optional{std::move(value)} : std::nullopt);
    }
    return setting;
}

std::vector<Setting> draws(const SweepPlan& plan, std::size_t count)
{
    const bool finite = std::ranges::none_of(plan.keys, [](const SweepKey& key) { return key.range.has_value(); });
    if (finite)
        if (const auto all = combinations(plan).size(); count > all)
            throw SpecError{"search: draws " + std::to_string(count) + " settings, and set has " + std::to_string(all) +
                            "; use fewer trials, more values, or the method grid"};
    std::vector<Setting> settings;
    std::set<Setting> seen;
    for (std::uint64_t trial = 0; settings.size() < count; ++trial) {
        std::uint64_t again = 0;
        auto setting = draw(plan, trial, again);
        while (seen.contains(setting)) {
            if (!finite && again == most_redraws)
                throw SpecError{"search: after " + std::to_string(settings.size()) +
                                " settings the ranges of set give no new one; use fewer trials, or wider ranges"};
            setting = draw(plan, trial, ++again);
        }
        seen.insert(setting);
        settings.push_back(std::move(setting));
    }
    return settings;
}

}  // namespace

std::size_t trials_of(const SweepPlan& plan)
{
    const auto& rule = plan.search;
    if (rule.method == SearchMethod::grid) return combinations(plan).size();
    if (rule.method != SearchMethod::hyperband) return rule.trials;
    std::size_t trials = 0;
    for (const auto& bracket : hyperband_brackets(rule.max_rounds, rule.eta)) trials += bracket.front().trials;
    return trials * rule.passes;
}

std::vector<Setting> settings(const SweepPlan& plan)
{
    return plan.search.method == SearchMethod::grid ? combinations(plan) : draws(plan, trials_of(plan));
}

std::vector<SweepRun> runs_of(const SweepPlan& plan, const Setting& setting)
{
    SweepRun all_seeds;
    for (std::size_t place = 0; place < setting.size(); ++place) {
        const auto& key = plan.keys[place].key;
        const auto& value = setting[place];
        all_seeds.values.push_back(value ? plain(*value) : "-");
        if (!value) continue;
        all_seeds.name += safe_for_a_file(short_key(plan, key)) + "-" + name_of_value(*value) + "_";
        all_seeds.sets.push_back(key + "=" + *value);
    }
    std::vector<SweepRun> runs;
    for (const auto seed : plan.seeds) {
        auto& run = runs.emplace_back(all_seeds);
        run.seed = seed;
        run.name += "seed-" + std::to_string(seed);
        run.sets.push_back("seed=" + std::to_string(seed));
        if (run.name.size() > longest_name)
            throw SpecError{"a run would be named " + cut_short(run.name, 60) + ", " + std::to_string(run.name.size()) +
                            " characters long; " + std::to_string(longest_name) +
                            " are the most: use shorter values, as the name of a file that holds them"};
    }
    return runs;
}

std::vector<SweepRun> expand(const SweepPlan& plan)
{
    std::vector<SweepRun> all;
    std::set<std::string> names;
    for (const auto& setting : settings(plan))
        for (auto& run : runs_of(plan, setting)) {
            if (!names.insert(run.name).second)
                throw SpecError{"two runs would be named " + run.name + "; give each seed of the sweep once"};
            all.push_back(std::move(run));
        }
    return all;
}

}  // namespace fedgram::experiments
