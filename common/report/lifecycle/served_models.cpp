#include <algorithm>
#include <cmath>

#include "common/error/error.hpp"
#include "common/learning/model/kernels.hpp"
#include "common/report/lifecycle/development.hpp"
#include "common/report/lifecycle/lifecycle.hpp"
#include "common/report/table/request_demand.hpp"
#include "common/text/joined.hpp"

namespace fedgram::report {

namespace {

/// One sample of a training's evaluations, by itself: what a step launches but for loss and count, and a sample's share
/// of the rest. What the device holds isn't known.
energy::InferenceDemand evaluated_sample(const run::TrainingRecord& record)
{
    energy::Work sum;
    for (const auto& each : record.work.own)
        if (each.phase == energy::Phase::evaluate) sum += record.work.works[each.work];
    if (sum.samples == 0) return {};
    energy::InferenceDemand demand;
    demand.work.samples = 1;
    demand.work.steps = 1;
    demand.work.flops = sum.flops / sum.samples;
    demand.work.memory_bytes = sum.memory_bytes / sum.samples;
    demand.work.kernels = sum.steps == 0 ? 0 : learning::forward_kernels(sum.kernels / sum.steps);
    return demand;
}

// Imported work may not tell.
std::optional<double> evaluated(double accuracy)
{
    return std::isnan(accuracy) ? std::nullopt : std::optional{accuracy};
}

/// The training's own model, before any lever.
ServedModel own_model(const Table& table, const run::RunRecord& run, std::size_t column, const LifeQuestion& question)
{
    const auto training = table.columns[column].training;
    const auto& outcome = table.trainings[training].outcome;
    ServedModel model{.column = column, .label = outcome.label, .accuracy = evaluated(outcome.test_accuracy)};
    const auto& rows = table.reductions.rows;
    const auto own =
        std::ranges::find_if(rows, [&](const auto& row) { return row.training == training && row.levers.empty(); });
    if (own != rows.end()) {
        model.demand = demand_of(own->figures);
    } else if (question.own_request) {
        model.demand = *question.own_request;
    } else {
        model.demand = evaluated_sample(run.trainings[training]);
        model.knows_memory = false;
    }
    return model;
}

}  // namespace

std::vector<ServedModel> served_models(const Table& table, const run::RunRecord& run, const LifeQuestion& question)
{
    std::vector<ServedModel> models;
    std::vector<std::string> labels;
    for (std::size_t training = 0; training < table.trainings.size(); ++training) {
        const auto& outcome = table.trainings[training].outcome;
        if (outcome.missed_target()) continue;
        labels.push_back(outcome.label);
        const auto column = std::ranges::find(table.columns, training, &Column::training) - table.columns.begin();
        models.push_back(own_model(table, run, static_cast<std::size_t>(column), question));
        for (const auto& row : table.reductions.rows)
            if (row.training == training && !row.levers.empty())
                models.push_back({.column = models.back().column,
                                  .label = row.label,
                                  .levers = row.levers,
                                  .demand = demand_of(row.figures),
                                  .one_off = levers_spent(table, row),
                                  .accuracy = evaluated(row.figures.accuracy)});
    }
    if (models.empty())
        throw SpecError{table.name + ": no training has a result, so there is no model that could be used"};
    if (question.training.empty()) return models;
    if (std::ranges::find(labels, question.training) == labels.end())
        throw SpecError{"--training: no training with a result is labelled \"" + question.training + "\"; use one of " +
                        text::joined(labels)};
    std::stable_partition(models.begin(), models.end(), [&](const ServedModel& model) {
        return table.outcome(table.columns[model.column]).label == question.training;
    });
    return models;
}

}  // namespace fedgram::report
