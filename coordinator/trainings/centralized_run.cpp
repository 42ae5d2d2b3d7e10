#include "coordinator/trainings/centralized_run.hpp"

#include <cmath>
#include <functional>
#include <optional>

#include "common/energy/meters/node_meter.hpp"
#include "common/learning/training/centralized_training.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/random/stream.hpp"
#include "coordinator/trainings/frozen_layers.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

namespace {

constexpr ClientId own_process = 0;  // no client has this one

}  // namespace

TrainingResult run_centralized(RunContext context, const spec::Training& training, const std::atomic<bool>& stop)
{
    auto& runtime = context.model_runtime;
    const auto& experiment = runtime.experiment();
    const auto& rule = std::get<spec::Centralized>(training.kind);
    const auto indices = datasets::training_indices(runtime.data(), experiment);

    const bool on_cpu = rule.device == "cpu";
    const auto replica = on_cpu ? runtime.engine().replica(runtime.model(), rule.optimizer)
                                : runtime.engine().device_replica(runtime.model(), rule.optimizer, rule.device);
    std::vector<float> parameters = runtime.starting_parameters();
    const auto from = context.checkpoints.take_point();
    std::uint64_t samples_seen = 0;
    if (from) {
        learning::StateReader state{from->state};
        state.read(std::span{&samples_seen, 1});
        replica->restore(state.list<std::byte>());
        replica->read(parameters);
    } else {
        replica->begin(parameters, Stream{experiment.seed, Purpose::engine}.bits());
    }
    learning::CentralizedTraining work{
        *replica,
        runtime.model(),
        {runtime.data().train.pixels, runtime.data().train.labels, runtime.data().train.values},
        indices,
        experiment.data.normalization,
        rule,
        experiment.seed,
        samples_seen};

    TrainingRecorder recorder{context, training, work.intervals(), from};
    std::optional<FrozenLayers> frozen;
    if (const auto* const part = runtime.learned_part())
        frozen.emplace(
            *part, 1, rule.batch_size, [&](std::uint32_t) { return indices.size(); }, false,
            from ? from->record.result.frozen : std::nullopt);
    const auto point = [&] {
        learning::StateWriter state;
        const auto seen = work.samples_seen();
        state.add(std::span{&seen, 1});
        state.add(std::span<const std::byte>{replica->state()});
        return run::TrainingPoint{recorder.rounds(), recorder.record(), state.take()};
    };
    const std::function<bool()> goes_on = [&] {
        context.progress.goes_on(context.folder, [&] { return recorder.progress(work.of_interval()); });
        return !stop;
    };
    while (!recorder.reached() && !work.finished()) {
        if (recorder.is_to_pause()) {
            context.checkpoints.training_stopped(point());
            return recorder.finish(Ending::interrupted, std::move(parameters));
        }
        const auto interval = recorder.rounds() + 1;
        energy::NodeMeter meter{context.metering.core_power};
        recorder.begin_train_phase();
        const auto local = work.run_interval(goes_on);
        // Stopped: the parameters of the last evaluation stay the result. What came after it has not been evaluated.
        if (!local) return recorder.finish(Ending::interrupted, std::move(parameters));
        const auto cost = meter.cost();
        replica->read(parameters);  // once a GPU has computed all of it
        recorder.end_train_phase();
        auto evaluation = runtime.evaluate(parameters);
        energy::NodeRound done{0, local->work};
        if (frozen) {
            done = frozen->with_first_round(done);
            frozen->ended({&done, 1});
            evaluation = frozen->with_first_look(evaluation);
            recorder.frozen(frozen->cost());
        }
        recorder.add_round(
            {.number = interval, .nodes = {done}, .evaluation = evaluation, .train_loss = local->mean_loss});
        recorder.add(interval, 0, own_process, {.node = cost});
        recorder.flush_host_costs();
        context.checkpoints.round_ended(point);
        if (!std::isfinite(local->mean_loss) || !std::isfinite(evaluation.mean_loss)) {
            context.progress.say(training.label + " has diverged: its loss is no finite number");
            return recorder.finish(Ending::diverged, std::move(parameters));
        }
    }
    return recorder.finish(recorder.reached() ? Ending::target : Ending::limit, std::move(parameters));
}

}  // namespace fedgram::coordinator
