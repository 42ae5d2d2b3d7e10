#include "coordinator/trainings/summary.hpp"

#include <nlohmann/json.hpp>

#include "common/energy/meters/host.hpp"
#include "datasets/partition/federation.hpp"
#include "datasets/readers/synthetic.hpp"

namespace fedgram::coordinator {

nlohmann::ordered_json summary(const spec::Experiment& experiment, const datasets::Dataset& data,
                               std::span<const nlohmann::ordered_json> trainings, const learning::EngineInfo& engine)
{
    using Json = nlohmann::ordered_json;
    Json summary;
    summary["name"] = experiment.name;
    summary["fedgram"] = FEDGRAM_VERSION;
    summary["engine"] = {
        {"name", engine.name}, {"version", engine.version}, {"blas", engine.blas}, {"cpu", engine.cpu}};
    if (const auto model = energy::cpu_model()) summary["host"] = {{"cpu_model", *model}};
    summary["dataset"] = data.name;
    if (const auto note = datasets::synthetic_note(data.name); !note.empty()) summary["dataset_note"] = note;
    summary["data_sha256"] = data.sha256;
    // What a data centre would have to be sent before it can train: the images as stored, and a byte for each label.
    const auto sample_bytes = std::uint64_t{data.channels} * data.height * data.width + 1;
    summary["raw_data_bytes"] = datasets::training_indices(data, experiment).size() * sample_bytes;
    summary["trainings"] = trainings;
    return summary;
}

}  // namespace fedgram::coordinator
