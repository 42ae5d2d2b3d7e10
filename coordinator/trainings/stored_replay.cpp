#include "coordinator/trainings/stored_replay.hpp"

#include <utility>

#include "common/learning/training/node_evaluation.hpp"

namespace fedgram::coordinator {

namespace {

/// `spent` in all.
DoneRound done(run::StoredRound round, const std::optional<run::PrivacySpending>& spent)
{
    DoneRound done{.number = round.number,
                   .nodes = std::move(round.nodes),
                   .aggregation = round.aggregation,
                   .evaluation = {},
                   .train_loss = round.train_loss,
                   .lost = std::move(round.lost),
                   .lost_updates = round.lost_updates,
                   .times = round.times};
    if (const auto& evaluation = round.evaluation)
        done.evaluation = {evaluation->result.test_accuracy, evaluation->result.test_loss, evaluation->work};
    if (round.epsilon && spent) {
        done.privacy = spent;
        done.privacy->epsilon = *round.epsilon;
    }
    return done;
}

}  // namespace

TrainingResult replay(const RunContext& context, const spec::Training& training, run::StoredTraining stored)
{
    const auto rounds = static_cast<std::uint32_t>(stored.rounds.size());
    TrainingRecorder recorder{context, training, rounds, std::nullopt};
    const auto* const rule = std::get_if<spec::Federated>(&training.kind);
    const auto& earlier = stored.result;
    for (auto& round : stored.rounds) {
        if (round.times && rule != nullptr) round.times->nodes_wait = !rule->buffered;
        recorder.add_round(done(std::move(round), earlier.privacy));
    }
    if (stored.node_test && earlier.node_test)
        recorder.tested_nodes({earlier.node_test->samples, earlier.node_test->correct, *stored.node_test});
    auto result = recorder.finish(earlier.ending, std::move(stored.parameters));
    result.ended_early = earlier.ended_early;
    result.privacy = earlier.privacy;
    result.methods = earlier.methods;
    result.frozen = earlier.frozen;
    result.model_parameters = earlier.model_parameters;
    result.buffered_updates = earlier.buffered_updates;
    result.from_store = {earlier.host_cpu_seconds, earlier.host_wall_seconds};
    return result;
}

}  // namespace fedgram::coordinator
