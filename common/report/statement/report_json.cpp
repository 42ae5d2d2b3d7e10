#include <optional>

#include <nlohmann/json.hpp>

#include "common/report/render/grid_json.hpp"
#include "common/report/render/methods_text.hpp"
#include "common/report/render/reductions_text.hpp"
#include "common/report/render/set_up.hpp"
#include "common/report/statement/answer.hpp"
#include "common/report/statement/cost.hpp"
#include "common/report/statement/report.hpp"
#include "common/report/statement/statement.hpp"
#include "common/report/statement/utilization.hpp"
#include "common/report/table/ratio.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<double>& value) { return value ? Json(*value) : Json(nullptr); }

Json column_json(const Table& table, const run::RunRecord& run, std::size_t index)
{
    const auto& column = table.columns[index];
    const auto& outcome = table.outcome(column);
    const auto work = run.trainings[column.training].work.trained();
    const auto joules = column.energy.operational().count();
    const auto& cell = table.cell(0, index);
    const auto grams = cell.emissions.operational().count();
    const auto costs = cost(table, run, column);
    const auto used = utilization(table, run, column);
    const StatedRun stated[] = {{&table, &run}};
    Json json{{"column", column.heading},
              {"training", outcome.label},
              {"device", column.device},
              {"pue", column.pue ? Json(column.pue->ratio()) : Json(nullptr)},
              {"site", site_json(table, column)},
              {"reached_target", outcome.reached_target ? Json(*outcome.reached_target) : Json(nullptr)},
              {"test_accuracy", outcome.test_accuracy},
              {"samples", work.samples},
              {"flops", work.flops},
              {"device_seconds", column.energy.device_time.count()},
              {"joules", joules},
              {"spent_gco2e", grams},
              {"low_gco2e", table.low(cell).count()},
              {"high_gco2e", table.high(cell).count()},
              {"diverged", outcome.diverged},
              {"interrupted", outcome.interrupted},
              {"rounds", outcome.rounds},
              {"incomplete_rounds", run.trainings[column.training].incomplete_rounds},
              {"missing_updates", run.trainings[column.training].missing_updates},
              {"restarted_nodes", run.trainings[column.training].restarted_nodes},
              {"gco2e_per_kwh", cell.intensity.count()},
              {"accuracy_percent_per_kilojoule", or_null(ratio(outcome.test_accuracy * 100, joules / 1000))},
              {"accuracy_percent_per_gco2e", or_null(ratio(outcome.test_accuracy * 100, grams))},
              {"electricity_usd", costs.electricity_usd},
              {"rent_usd", or_null(costs.rent_usd)},
              {"joules_per_prediction", costs.per_prediction ? Json(costs.per_prediction->count()) : Json(nullptr)},
              {"predictions_drawing_as_training", or_null(costs.predictions_as_training)},
              {"busy_seconds", used.busy.count()},
              {"waiting_seconds", used.waiting.count()},
              {"waiting_for_host_seconds", used.host ? Json(used.host->count()) : Json(nullptr)},
              {"busy_share", or_null(used.busy_share)},
              {"share_of_sustained_rate", or_null(used.of_sustained_rate)},
              {"statement", statement(stated, index)}};
    json.update(set_up_json(outcome));
    return json;
}

Json host_json(const run::RunRecord& run)
{
    Json host{{"cpu_model", run.host_cpu_model ? Json(*run.host_cpu_model) : Json(nullptr)},
              {"trainings", Json::array()}};
    for (const auto& training : run.trainings)
        host["trainings"].push_back({{"training", training.outcome.label},
                                     {"cpu_seconds", training.host_cpu_seconds},
                                     {"wall_seconds", training.host_wall_seconds}});
    return host;
}

}  // namespace

Json report_json(const Table& table, const run::RunRecord& run)
{
    Json json{{"name", table.name},
              {"title", table.title()},
              {"answer", answer(table)},
              {"notes", run.notes},
              {"country", table.accounting.countries.front().iso3},
              {"grid", grid_json(table.accounting.countries.front())},
              {"node_places", node_places_json(table)},
              {"seed", run.seed},
              {"wasted_ledger_lines", run.wasted_lines},
              {"wasted_joules", run.wasted.count()},
              {"columns", Json::array()},
              {"nodes", Json::array()},
              {"measured", Json::array()},
              {"host", host_json(run)}};
    for (const auto& training : table.trainings)
        if (const auto& test = training.outcome.node_test) {
            auto tested = to_json(*test);
            tested["training"] = training.outcome.label;
            json["nodes"].push_back(std::move(tested));
        }
    if (!table.methods.rows.empty()) json["methods"] = methods_json(table);
    if (!table.reductions.rows.empty()) json["reductions"] = reductions_json(table);
    for (const auto& beside : measured_beside(run, table.accounting)) json["measured"].push_back(to_json(beside));
    for (std::size_t j = 0; j < table.columns.size(); ++j) json["columns"].push_back(column_json(table, run, j));
    return json;
}

}  // namespace fedgram::report
