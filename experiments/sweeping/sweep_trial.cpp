#include "experiments/sweeping/sweep_trial.hpp"

#include <algorithm>

#include "common/spec/resolve.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::experiments {

std::string SweepTrial::failure() const
{
    const auto found = std::ranges::find_if(runs, [](const SweepTrialRun& run) { return !run.failure.empty(); });
    return found == runs.end() ? std::string{} : found->failure;
}

Job job_of(const SweepTrialRun& run, const std::string& spec, const SweepPlace& place, const RunOrder& order)
{
    Job job{run.run.name, {"run", spec, "--take-up", "--out", run.folder.string()}, place.log_of(run.run)};
    const auto add = [&](std::initializer_list<std::string> words) {
        job.arguments.insert(job.arguments.end(), words);
    };
    for (const auto& set : run.run.sets) add({"--set", set});
    if (!order.only.empty()) add({"--only", order.only});
    if (order.rounds) add({"--pause-at", std::to_string(*order.rounds)});
    if (place.data_folder) add({"--data-dir", place.data_folder->string()});
    if (place.store)
        add({"--store", place.store->folder.string(), "--store-limit", text::shortest(place.store->most_gib)});
    if (const auto nodes = spec::most_nodes(run.experiment); nodes > 0)
        add({"--client-processes", std::to_string(std::min(place.processes, nodes))});
    return job;
}

}  // namespace fedgram::experiments
