#include "coordinator/trainings/summary.hpp"

#include <utility>

#include "common/energy/meters/host.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

run::RunSummary summary(const spec::Experiment& experiment, const datasets::Dataset& data,
                        std::vector<run::TrainingSummary> trainings, const learning::EngineInfo& engine)
{
    // What a data centre would have to be sent before it can train: the samples as they are held, and a byte for each
    // label.
    const auto value_bytes = data.train.values.empty() ? sizeof(std::uint8_t) : sizeof(float);
    const auto sample_bytes = std::uint64_t{data.channels} * data.height * data.width * value_bytes + 1;
    return {.name = experiment.name,
            .fedgram = FEDGRAM_VERSION,
            .engine = {engine.name, engine.version, engine.blas, engine.cpu},
            .host_cpu_model = energy::cpu_model(),
            .dataset = data.name,
            .dataset_note = data.note,
            .data_sha256 = data.sha256,
            .raw_data_bytes = datasets::training_indices(data, experiment).size() * sample_bytes,
            .trainings = std::move(trainings)};
}

}  // namespace fedgram::coordinator
