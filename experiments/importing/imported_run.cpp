#include "experiments/importing/imported_run.hpp"

#include <limits>
#include <set>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "common/run/priced_round.hpp"
#include "common/run/round_line.hpp"
#include "common/run/run_folder.hpp"
#include "common/run/running_costs.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

constexpr auto unknown = std::numeric_limits<double>::quiet_NaN();

std::size_t node_count(const RecordedTraining& training)
{
    std::set<std::uint32_t> nodes;
    for (const auto& round : training.rounds)
        for (const auto& node : round.nodes) nodes.insert(node.node);
    return nodes.size();
}

Json training_json(const RecordedTraining& training)
{
    Json json{{"label", training.label}, {"kind", run::name(training.kind)}};
    if (training.kind == run::TrainingKind::federated) json["nodes"] = node_count(training);
    return json;
}

run::TrainingSummary write_training(run::RunFolder& folder, const RecordedTraining& training,
                                    const carbon::Accounting& accounting)
{
    run::TrainingSummary summary;
    summary.label = training.label;
    summary.kind = training.kind;
    summary.test_accuracy = summary.test_loss = summary.best_test_accuracy = unknown;
    run::RunningCosts costs{accounting, training.kind, 0};
    for (const auto& round : training.rounds) {
        const auto drawn = run::append_priced(folder, {training.label, training.kind, round.number, round.nodes}, {},
                                              accounting, costs.places());
        run::RoundLine line;
        line.training = training.label;
        line.round = summary.rounds = round.number;
        line.train_loss = unknown;
        line.participants = static_cast<std::uint32_t>(round.nodes.size());
        line.virtual_seconds = drawn.front().virtual_time;
        line.costs = costs.add(drawn);
        if (const auto accuracy = round.test_accuracy) {
            line.evaluation = {*accuracy, unknown};
            summary.test_accuracy = *accuracy;
            if (!(summary.best_test_accuracy > *accuracy)) summary.best_test_accuracy = *accuracy;
        }
        folder.append(line);
        summary.virtual_seconds += line.virtual_seconds;
    }
    return summary;
}

}  // namespace

std::string imported_spec(const RecordedWork& work, const ImportSource& source, const carbon::Accounting& accounting)
{
    Json trainings = Json::array();
    for (const auto& training : work.trainings) trainings.push_back(training_json(training));
    const Json spec{{"name", source.name},
                    {"seed", 0},
                    {"title_note", "work imported from " + source.file},
                    {"imported", {{"file", source.file}, {"sha256", source.sha256}, {"lacks", work.lacks}}},
                    {"target_accuracy", nullptr},
                    {"stop", {{"evaluations_in_a_row", 1}}},
                    {"data", {{"dataset", source.dataset}}},
                    {"model", {{"name", source.model}}},
                    {"trainings", std::move(trainings)},
                    {"accounting", carbon::to_json(accounting)}};
    return spec.dump(2) + "\n";
}

void write_imported_run(const std::filesystem::path& folder, const RecordedWork& work, const ImportSource& source,
                        const carbon::Accounting& accounting)
{
    run::RunFolder files{folder};
    files.append_event("imported", {{"file", source.file}, {"sha256", source.sha256}});
    run::RunSummary summary;
    summary.name = source.name;
    summary.fedgram = FEDGRAM_VERSION;
    summary.dataset = source.dataset;
    for (const auto& training : work.trainings)
        summary.trainings.push_back(write_training(files, training, accounting));
    files.write(summary);
    files.write_digest();
}

}  // namespace fedgram::experiments
