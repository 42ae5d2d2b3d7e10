#include "coordinator/trainings/summary.hpp"

#include <utility>

#include "common/energy/meters/host.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

run::RunSummary summary(const spec::Experiment& experiment, const datasets::Dataset& data,
                        std::vector<run::TrainingSummary> trainings, const learning::EngineInfo& engine)
{
    return {.name = experiment.name,
            .fedgram = FEDGRAM_VERSION,
            .engine = {engine.name, engine.version, engine.blas, engine.cpu},
            .host_cpu_model = energy::cpu_model(),
            .dataset = data.name,
            .dataset_note = data.note,
            .data_sha256 = data.sha256,
            .raw_data_bytes = datasets::raw_data_bytes(data, experiment),
            .trainings = std::move(trainings)};
}

}  // namespace fedgram::coordinator
