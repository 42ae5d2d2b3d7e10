#include "client/training/node_trainer.hpp"

#include <algorithm>

#include "common/learning/training/epoch_batches.hpp"
#include "common/learning/training/node_skew.hpp"

#include "common/energy/meters/host.hpp"
#include "common/error/error.hpp"
#include "common/learning/engine/make_model.hpp"
#include "common/learning/precision.hpp"
#include "common/learning/pruning/mask.hpp"
#include "common/learning/pruning/sparse_exchange.hpp"
#include "common/learning/training/node_work.hpp"
#include "common/random/stream.hpp"
#include "common/spec/resolve.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::client {

NodeTrainer::NodeTrainer(spec::Experiment experiment, TrainingResources resources,
                         std::optional<std::filesystem::path> state)
    : resources_{std::move(resources)},
      learned_{datasets::learned_part(experiment, resources_.data, energy::usable_cores())},
      experiment_{learned_ ? learned_->experiment : std::move(experiment)},
      state_{std::move(state)},
      model_{learned_ ? learned_->split.rest
                      : learning::make_model(experiment_.model,
                                             {data().channels, data().height, data().width, data().classes},
                                             [this]() -> learning::Engine& { return *resources_.engine; })}
{
    spec::check_normalization(experiment_.data, data().channels);
    for (const auto& training : experiment_.trainings) {
        const auto* federated = std::get_if<spec::Federated>(&training.kind);
        if (federated == nullptr) continue;
        learning::check_precision(training);
        if (federated->compression.error_feedback && !state_)
            throw SpecError{
                "trainings." + training.label +
                ".compression: with error feedback a node keeps what it hasn't sent, and this client has no "
                "folder for that; start it with --state-dir DIR"};
    }
}

std::optional<UpdateEncoder> NodeTrainer::encoder(const spec::Training& training) const
{
    const auto& rule = std::get<spec::Federated>(training.kind);
    if (rule.compression.is_none()) return std::nullopt;
    std::optional<ResidualStore> residuals;
    if (rule.compression.error_feedback) residuals.emplace(*state_ / training.label);
    return UpdateEncoder{learning::Codec{rule.compression, static_cast<std::uint32_t>(model_.parameters.size)},
                         experiment_.seed, std::move(residuals)};
}

std::optional<UpdateMasker> NodeTrainer::masker(const spec::Federated& rule, const datasets::NodeShares& shares) const
{
    if (!rule.secure_aggregation) return std::nullopt;
    std::optional<double> clip;
    if (rule.privacy)
        if (const auto* fixed = std::get_if<spec::FixedClip>(&rule.privacy->clip)) clip = fixed->norm;
    return UpdateMasker{{*rule.secure_aggregation, learning::most_total_weight(rule, shares.total())},
                        experiment_.seed,
                        !rule.privacy,
                        clip};
}

NodeTrainer::Training& NodeTrainer::training(std::uint32_t index)
{
    if (!training_ || training_->index != index) {
        if (index >= experiment_.trainings.size())
            throw ProtocolError{"the run has no training " + std::to_string(index)};
        const auto* federated = std::get_if<spec::Federated>(&experiment_.trainings[index].kind);
        if (!federated) throw ProtocolError{"training " + std::to_string(index) + " is not a federated one"};
        auto shares = datasets::node_shares(data(), experiment_, *federated);
        auto shares_masker = masker(*federated, shares);
        training_.emplace(Training{index, std::move(shares), resources_.engine->replica(model_, federated->optimizer),
                                   encoder(experiment_.trainings[index]), shares_masker});
    }
    return *training_;
}

std::optional<NodeResult> NodeTrainer::train(const Job& job, std::vector<float> buffer)
{
    const auto& task = job.task;
    const auto& global = *job.global;
    auto& [index, shares, replica, encoder, masker] = training(task.training);
    const auto round = task.round;
    const auto node = task.node;
    if (node >= shares.nodes()) throw ProtocolError{"the run has no node " + std::to_string(node)};
    if (global.size() != model_.parameters.size)
        throw ProtocolError{"node " + std::to_string(node) + " was to train without a model"};
    if (job.linear_term && job.linear_term->size() != global.size())
        throw ProtocolError{"node " + std::to_string(node) +
                            " was to correct its gradients by a vector of another size"};
    const auto& rule = std::get<spec::Federated>(experiment_.trainings[index].kind);

    const auto samples = shares.samples(node);
    learning::Samples stored{data().train.pixels, data().train.labels, data().train.values};
    std::optional<learning::NodeSkew> skew;
    if (rule.feature_skew.kind != spec::FeatureSkewKind::none)
        stored.skew = &skew.emplace(rule.feature_skew, model_.shape, experiment_.seed, node, shares.nodes());
    learning::GradientCorrection correction{.linear = {}, .proximal = rule.strategy.proximal(), .origin = global};
    if (job.linear_term) correction.linear = *job.linear_term;
    std::optional<learning::Mask> mask;
    if (rule.pruning && round > rule.pruning->from_round)
        correction.kept = mask.emplace(learning::mask_of_zeros(model_.parameters, global)).kept();
    auto optimizer = rule.optimizer;
    optimizer.learning_rate *= spec::schedule_factor(rule.rate_schedule, round, rule.max_rounds);
    replica->begin(global, Stream{experiment_.seed, Purpose::engine, round, node}.bits(), correction);
    const auto local = learning::train_locally(
        *replica, model_, stored, samples, experiment_.data.normalization, rule.local_epochs, rule.batch_size,
        optimizer, {experiment_.seed, round, node}, [&] { return !job.demand->ended; }, rule.last_batch,
        task.most_steps);
    if (!local) return std::nullopt;

    NodeResult result;
    result.parameters = std::move(buffer);
    result.parameters.resize(model_.parameters.size);
    replica->read(result.parameters);
    result.samples = samples.size();
    result.samples_seen = local->work.samples;
    result.steps = local->work.steps;
    result.mean_loss = local->mean_loss;
    if (mask) {
        learning::leave_kept_values(*mask, result.parameters);
        result.encoded_bytes = result.parameters.size() * sizeof(float);
    }
    if (encoder) encoder->encode(result, global, task);
    if (masker) masker->mask(result, global, task);
    return result;
}

bool NodeTrainer::prunes() const
{
    return std::ranges::any_of(experiment_.trainings, [](const spec::Training& training) {
        const auto* const federated = std::get_if<spec::Federated>(&training.kind);
        return federated != nullptr && federated->pruning;
    });
}

std::vector<float> NodeTrainer::decoded_model(std::span<const std::byte> message) const
{
    try {
        return learning::read_sparse_model(message, model_.parameters.size);
    } catch (const DataError& error) {
        throw ProtocolError{error.what()};
    }
}

std::optional<double> NodeTrainer::sums_within(std::uint32_t training, bool is_local) const
{
    if (training >= experiment_.trainings.size()) return std::nullopt;
    const auto* const rule = std::get_if<spec::Federated>(&experiment_.trainings[training].kind);
    if (rule == nullptr || !spec::may_presum(*rule, is_local)) return std::nullopt;
    return rule->max_update_norm;
}

std::optional<std::uint64_t> NodeTrainer::samples_to_see(const Task& task) const
{
    if (!training_ || training_->index != task.training || task.node >= training_->shares.nodes()) return std::nullopt;
    const auto& rule = std::get<spec::Federated>(experiment_.trainings[task.training].kind);
    const learning::EpochBatches batches{training_->shares.size(task.node), rule.batch_size, rule.last_batch};
    return task.most_steps > 0 ? batches.samples_in(task.most_steps) : batches.samples() * rule.local_epochs;
}

}  // namespace fedgram::client
