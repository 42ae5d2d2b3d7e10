#include "coordinator/summary.hpp"

#include <nlohmann/json.hpp>

#include "common/energy/host.hpp"
#include "datasets/federation.hpp"

namespace fedgram::coordinator {

namespace {

const char* name(Ending ending)
{
    switch (ending) {
        case Ending::target:
            return "target";
        case Ending::limit:
            return "limit";
        case Ending::interrupted:
            return "interrupted";
    }
    return "";
}

}  // namespace

nlohmann::ordered_json summary(const spec::Experiment& experiment, const datasets::Dataset& data,
                               std::span<const TrainingResult> results, const learning::EngineInfo& engine)
{
    using Json = nlohmann::ordered_json;
    Json summary;
    summary["name"] = experiment.name;
    summary["fedgram"] = FEDGRAM_VERSION;
    summary["engine"] = {
        {"name", engine.name}, {"version", engine.version}, {"blas", engine.blas}, {"cpu", engine.cpu}};
    if (const auto model = energy::cpu_model()) summary["host"] = {{"cpu_model", *model}};
    summary["data_sha256"] = data.sha256;
    // What a data centre would have to be sent before it can train: the images as stored, and a byte for each label.
    const auto sample_bytes = std::uint64_t{data.channels} * data.height * data.width + 1;
    summary["raw_data_bytes"] = datasets::training_indices(data, experiment).size() * sample_bytes;
    summary["trainings"] = Json::array();
    for (const auto& result : results) {
        Json training;
        training["label"] = result.label;
        training["kind"] = result.federated ? "federated" : "centralized";
        training["reached_target"] = result.reached_target ? Json(*result.reached_target) : Json();
        training["ended_by"] = name(result.ending);
        training["test_accuracy"] = result.test_accuracy;
        training["test_loss"] = result.test_loss;
        training["best_test_accuracy"] = result.best_test_accuracy;
        training["rounds"] = result.evaluations;
        training["virtual_seconds"] = result.virtual_seconds.count();
        training["parameters_sha256"] = learning::sha256(result.parameters);
        training["host_cpu_seconds"] = result.host_cpu_seconds;
        training["host_wall_seconds"] = result.host_wall_seconds;
        training["host_node_cpu_seconds"] = result.host_node_cpu_seconds;
        if (result.host_node_estimate)
            training["host_node_estimate"] = to_json(*result.host_node_estimate);
        training["host_meters"] = Json::array();
        for (const auto& record : result.host_meters)
            training["host_meters"].push_back(to_json(record));
        summary["trainings"].push_back(training);
    }
    return summary;
}

}  // namespace fedgram::coordinator
