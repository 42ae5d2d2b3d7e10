#include "coordinator/trainings/centralized_run.hpp"

#include "common/energy/meters/node_meter.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/error/error.hpp"
#include "common/learning/training/centralized_training.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/random/stream.hpp"
#include "common/run/ledger_lines.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

namespace {

constexpr ClientId own_process = 0;  // no client has this one

}  // namespace

TrainingResult run_centralized(RunContext context, const spec::Training& training, const std::atomic<bool>& stop)
{
    auto& bench = context.model_runtime;
    const auto& experiment = bench.experiment();
    const auto& rule = std::get<spec::Centralized>(training.kind);
    const auto indices = datasets::training_indices(bench.data(), experiment);
    const auto& device = context.accounting.datacenter_devices.front();

    const auto replica = bench.engine().replica(bench.model(), rule.optimizer);
    std::vector<float> parameters = bench.starting_parameters();
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
    learning::CentralizedTraining work{*replica,
                                       bench.model(),
                                       {bench.data().train.pixels, bench.data().train.labels},
                                       indices,
                                       experiment.data.normalization,
                                       rule,
                                       experiment.seed,
                                       samples_seen};

    TrainingRecorder recorder{context, training, work.intervals(), from};
    const auto point = [&] {
        learning::StateWriter state;
        const auto seen = work.samples_seen();
        state.add(std::span{&seen, 1});
        state.add(std::span<const std::byte>{replica->state()});
        return run::TrainingPoint{recorder.rounds(), recorder.record(), state.take()};
    };
    Ending ending = recorder.reached() ? Ending::target : Ending::limit;
    try {
        while (!recorder.reached() && !work.finished()) {
            const auto interval = recorder.rounds() + 1;
            energy::NodeMeter meter{context.metering.core_power};
            const auto local = work.run_interval([&] { return !stop; });
            const auto cost = meter.cost();
            replica->read(parameters);
            const auto evaluation = bench.evaluate(parameters);
            const energy::PhaseWork trained{0, interval, energy::Phase::train, local.work};
            const energy::PhaseWork evaluated{std::nullopt, interval, energy::Phase::evaluate, evaluation.work};
            std::vector lines{run::phase_line(training.label, trained, device),
                              run::phase_line(training.label, evaluated, device)};
            const auto drawn = energy::centralized_course(std::span{&trained, 1}, device).sum;
            if (recorder.add_round(interval, evaluation, 1, lines, drawn, local.mean_loss)) ending = Ending::target;
            recorder.add(interval, 0, own_process, {.node = cost});
            recorder.flush_host_costs();
            context.checkpoints.round_ended(point);
        }
    } catch (const Interrupted&) {
        // The parameters of the last evaluation stay the result: what came after it has not been looked at.
        ending = Ending::interrupted;
    }
    return recorder.finish(ending, std::move(parameters));
}

}  // namespace fedgram::coordinator
