#include "experiments/sweep/sweep_data.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/report/statement/least_setting.hpp"
#include "experiments/search/objective.hpp"
#include "experiments/sweep/search_text.hpp"
#include "experiments/sweep/sweep_file.hpp"
#include "experiments/sweep/sweep_means.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

// Axes -----------------------------------------------------------------------------------------------------------

/// What tells runs apart, and its values as people write them: a key of the plan, or the seed.
struct SweepAxis {
    std::string key;
    std::string name;  ///< short
    std::vector<std::string> values;
    std::size_t place;  ///< of the key in the plan

    [[nodiscard]] std::string value_of(const SweepRun& run) const
    {
        return place < run.values.size() ? run.values[place] : std::to_string(run.seed);
    }
    [[nodiscard]] std::size_t index_of(const SweepRun& run) const
    {
        return static_cast<std::size_t>(std::ranges::find(values, value_of(run)) - values.begin());
    }
};

// In the plan's order; those that were drawn, from the least.
std::vector<std::string> values_of(const SweepKey& key, std::size_t place, const std::vector<SweepRun>& runs)
{
    std::vector<std::string> values;
    for (const auto& value : key.values) values.push_back(plain(value));
    for (const auto& run : runs)
        if (std::ranges::count(values, run.values[place]) == 0) values.push_back(run.values[place]);
    if (key.range)
        std::ranges::sort(values, {}, [](const auto& text) { return text == "-" ? -1e300 : std::stod(text); });
    return values;
}

// A key with one value tells nothing apart.
std::vector<SweepAxis> axes_of(const SweepPlan& plan)
{
    const auto runs = expand(plan);
    std::vector<SweepAxis> axes;
    for (std::size_t i = 0; i < plan.keys.size(); ++i) {
        const auto& key = plan.keys[i];
        SweepAxis axis{key.key, short_key(plan, key.key), values_of(key, i, runs), i};
        if (axis.values.size() > 1) axes.push_back(std::move(axis));
    }
    if (plan.seeds.size() > 1) {
        SweepAxis seed{"seed", "seed", {}, plan.keys.size()};
        for (const auto value : plan.seeds) seed.values.push_back(std::to_string(value));
        axes.push_back(std::move(seed));
    }
    return axes;
}

Json axes_json(const std::vector<SweepAxis>& axes)
{
    auto list = Json::array();
    for (const auto& axis : axes) list.push_back({{"key", axis.key}, {"name", axis.name}, {"values", axis.values}});
    return list;
}

Json fixed_json(const SweepPlan& plan)
{
    auto list = Json::array();
    for (const auto& key : plan.keys)
        if (!key.varies()) list.push_back(key.key + " " + plain(key.values.front()));
    return list;
}

// Means ----------------------------------------------------------------------------------------------------------

Json statistics_json(const report::Statistics& statistics)
{
    return {{"mean", statistics.mean},
            {"deviation", or_null(statistics.standard_deviation)},
            {"least", statistics.least},
            {"most", statistics.most}};
}

Json statistics_json(const std::optional<report::Statistics>& statistics)
{
    return statistics ? statistics_json(*statistics) : Json(nullptr);
}

Json mean_json(const SweepMean& mean)
{
    return {{"runs", mean.rows},
            {"reached", mean.reached},
            {"gco2e", statistics_json(mean.gco2e)},
            {"best_test_accuracy", statistics_json(mean.best_test_accuracy)},
            {"rounds", statistics_json(mean.rounds)},
            {"virtual_seconds", statistics_json(mean.virtual_seconds)}};
}

// The mean that the table has, or a lower bound of it, and how sure it is.
Json to_target_json(const std::vector<const SweepRow*>& rows)
{
    const auto grams = grams_to_target(rows);
    return {{"mean", grams.mean},
            {"is_lower_bound", grams.is_lower_bound()},
            {"confidence_95",
             grams.interval ? Json{{"low", grams.interval->low}, {"high", grams.interval->high}} : Json(nullptr)}};
}

std::vector<CoursePoint> points_of(const std::vector<SweepSetting>& settings)
{
    std::vector<CoursePoint> points;
    for (const auto& setting : settings) {
        const auto mean = mean_of(setting.rows);
        points.push_back({0, mean.best_test_accuracy.mean, mean.spent_gco2e.mean});
    }
    return points;
}

// On the front of its own training's settings, which stand side by side.
std::vector<bool> own_fronts(const std::vector<SweepSetting>& settings)
{
    std::vector<bool> fronts;
    for (std::size_t first = 0; first < settings.size();) {
        auto end = first;
        while (end < settings.size() && settings[end].training == settings[first].training) ++end;
        const auto own = pareto_front(points_of({settings.begin() + static_cast<std::ptrdiff_t>(first),
                                                 settings.begin() + static_cast<std::ptrdiff_t>(end)}));
        fronts.insert(fronts.end(), own.begin(), own.end());
        first = end;
    }
    return fronts;
}

Json settings_json(const SweepPlan& plan, const std::vector<SweepAxis>& axes, const std::vector<SweepSetting>& settings)
{
    const auto front = pareto_front(points_of(settings));
    const auto own_front = own_fronts(settings);
    auto list = Json::array();
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const auto& setting = settings[i];
        const auto& run = setting.rows.front()->run;
        const auto mean = mean_of(setting.rows);
        auto values = Json::array();
        for (const auto& axis : axes)
            if (axis.place < plan.keys.size()) values.push_back(axis.index_of(run));
        Json json{{"training", setting.training},
                  {"name", setting_name(plan, setting.values)},
                  {"values", std::move(values)},
                  {"spent_gco2e", statistics_json(mean.spent_gco2e)}};
        json.update(mean_json(mean));
        json["to_target_gco2e"] = to_target_json(setting.rows);
        json["front"] = static_cast<bool>(front[i]);
        json["own_front"] = static_cast<bool>(own_front[i]);
        list.push_back(std::move(json));
    }
    return list;
}

std::vector<std::string> trainings_of(const std::vector<SweepSetting>& settings)
{
    std::vector<std::string> trainings;
    for (const auto& setting : settings)
        if (trainings.empty() || trainings.back() != setting.training) trainings.push_back(setting.training);
    return trainings;
}

// The mean over all but two axes, in each of their cells.
Json map_json(const std::vector<SweepRow>& rows, const SweepAxis& one, const SweepAxis& other,
              const std::string& training)
{
    std::map<std::pair<std::size_t, std::size_t>, std::vector<const SweepRow*>> cells;
    for (const auto& row : rows)
        if (row.training == training) cells[{one.index_of(row.run), other.index_of(row.run)}].push_back(&row);
    auto list = Json::array();
    for (const auto& [place, members] : cells) {
        Json cell{{"at", {place.first, place.second}}};
        cell.update(mean_json(mean_of(members)));
        list.push_back(std::move(cell));
    }
    return list;
}

Json maps_json(const std::vector<SweepAxis>& axes, const std::vector<std::string>& trainings,
               const std::vector<SweepRow>& rows)
{
    auto maps = Json::array();
    for (std::size_t i = 0; i < axes.size(); ++i)
        for (std::size_t k = i + 1; k < axes.size(); ++k)
            for (const auto& training : trainings)
                maps.push_back(
                    {{"axes", {i, k}}, {"training", training}, {"cells", map_json(rows, axes[i], axes[k], training)}});
    return maps;
}

Json answers_json(const SweepPlan& plan, const std::vector<SweepSetting>& settings)
{
    auto sentences = Json::array();
    for (const auto& training : trainings_of(settings)) {
        std::vector<report::SettingGrams> with_result;
        std::size_t left_out = 0;
        std::string column;
        for (const auto& setting : settings) {
            if (setting.training != training) continue;
            column = setting.rows.front()->column;
            const auto mean = mean_of(setting.rows);
            if (mean.reached == mean.rows)
                with_result.push_back({setting_name(plan, setting.values), *mean.gco2e});
            else
                ++left_out;
        }
        sentences.push_back(column + ": " + report::least_setting(std::move(with_result), left_out));
    }
    return sentences;
}

Json notes_json(const SweepPlan& plan)
{
    auto notes = Json::array();
    if (auto note = test_set_note(plan); !note.empty()) notes.push_back(std::move(note));
    return notes;
}

// Rows -----------------------------------------------------------------------------------------------------------

Json row_json(const SweepRow& row)
{
    return {{"run", "runs/" + row.run.name},
            {"values", row.run.values},
            {"seed", row.run.seed},
            {"training", row.training},
            {"kind", row.kind},
            {"reached_target", row.reached_target ? Json(*row.reached_target) : Json(nullptr)},
            {"diverged", row.diverged},
            {"test_accuracy", row.test_accuracy},
            {"best_test_accuracy", row.best_test_accuracy},
            {"rounds", row.rounds},
            {"virtual_seconds", row.virtual_seconds},
            {"country", row.country},
            {"column", row.column},
            {"spent_gco2e", row.spent_gco2e},
            {"low_gco2e", row.band ? Json(row.band->low) : Json(nullptr)},
            {"high_gco2e", row.band ? Json(row.band->high) : Json(nullptr)},
            {"node_mean_accuracy", row.node_test ? Json(row.node_test->mean()) : Json(nullptr)},
            {"node_worst_tenth_accuracy", row.node_test ? Json(row.node_test->worst_tenth()) : Json(nullptr)}};
}

Json keys_json(const SweepPlan& plan)
{
    auto keys = Json::array();
    for (const auto& key : plan.keys) keys.push_back(key.key);
    return keys;
}

}  // namespace

Json sweep_data(const SweepPlan& plan, const SweepResults& results, const std::optional<SearchResult>& search,
                const std::string& folder, const std::string& version)
{
    const auto& rows = results.rows;
    if (rows.empty()) throw DataError{folder + ": none of its runs is whole, so there is nothing to show"};
    const auto axes = axes_of(plan);
    const auto settings = settings_of(rows);
    const auto trainings = trainings_of(settings);
    auto rows_list = Json::array();
    for (const auto& row : rows) rows_list.push_back(row_json(row));
    const auto name = std::filesystem::path{plan.spec}.stem().string();
    return {{"format", 1},
            {"fedgram", version},
            {"folder", folder},
            {"title", "Sweep of " + name},
            {"question", "Which setting of " + name + " emits least in " + rows.front().country + "?"},
            {"answers", search ? Json(search_sentences(plan, *search)) : answers_json(plan, settings)},
            {"notes", notes_json(plan)},
            {"country", rows.front().country},
            {"evaluated_on", run::name(rows.front().evaluated_on)},
            {"axes", axes_json(axes)},
            {"fixed", fixed_json(plan)},
            {"keys", keys_json(plan)},
            {"trainings", trainings},
            {"settings", settings_json(plan, axes, settings)},
            {"maps", maps_json(axes, trainings, rows)},
            {"rows", std::move(rows_list)},
            {"lacking", results.lacking}};
}

Json sweep_json(const SweepPlan& plan, const SweepResults& results, const std::optional<SearchResult>& search)
{
    auto rows = Json::array();
    for (const auto& row : results.rows) rows.push_back(row_json(row));
    auto json = Json::parse(sweep_text(plan));
    json["keys"] = keys_json(plan);
    json["lacking"] = results.lacking;
    json["rows"] = std::move(rows);
    for (const auto& setting : settings_of(results.rows)) {
        Json mean{{"training", setting.training}, {"values", setting.values}};
        mean.update(mean_json(mean_of(setting.rows)));
        mean["to_target_gco2e"] = to_target_json(setting.rows);
        json["settings"].push_back(std::move(mean));
    }
    if (search) json["result"] = to_json(*search, plan);
    return json;
}

}  // namespace fedgram::experiments
