#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/learning/training/node_work.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/protocol/frame.hpp"
#include "common/run/summary.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/aggregation/aggregator.hpp"
#include "coordinator/privacy/private_training.hpp"
#include "coordinator/privacy/secure_mean.hpp"
#include "coordinator/strategies/strategy.hpp"
#include "coordinator/trainings/compressed_broadcast.hpp"
#include "coordinator/trainings/counted_updates.hpp"
#include "coordinator/trainings/method_work.hpp"
#include "coordinator/trainings/pruned_rounds.hpp"
#include "coordinator/trainings/update_decoder.hpp"
#include "datasets/partition/node_shares.hpp"

namespace fedgram::coordinator {

/// What a node is told beside its task.
struct TaskDetails {
    std::shared_ptr<const std::vector<float>> linear_term{};  ///< that it adds to its gradients; null: nothing
    std::uint32_t counted_round = 0;                          ///< CountedUpdates; 0 also where it doesn't matter
    std::uint32_t settled_round = 0;
    std::vector<std::uint32_t> neighbours{};  ///< whom it shares masks with, under secure aggregation
};

/// Nobody can look into an update: its parameters are masked.
struct Masked {};
/// An update's parameters, or why there are none.
using ReadUpdate = std::variant<std::span<const float>, Masked, learning::Refusal>;

/// The steps that a node has taken in a round.
struct NodeSteps {
    std::uint32_t node = 0;
    std::uint64_t steps = 0;
};

/// What a training makes of its rounds' updates, by all of its methods at once: how the model goes down, how an update
/// is read, weighed and summed, what the next model is, what each of that costs, and the state that lasts. Knows no
/// socket, thread or clock.
///
/// A round is: `model`, `begin`, `read` and `add` for each update, `next`.
class RoundMethods {
public:
    using Model = std::shared_ptr<const std::vector<float>>;

    /// All references must outlive it. Throws SpecError for what only the nodes' shares show to be impossible.
    RoundMethods(const spec::Training& training, std::uint64_t seed, const learning::Model& model,
                 const datasets::NodeShares& shares);

    /// Who takes part, where privacy draws them.
    [[nodiscard]] std::optional<std::vector<std::uint32_t>> cohort(std::uint32_t round) const;
    /// The rounds that the privacy budget allows.
    [[nodiscard]] std::uint32_t most_rounds() const;
    /// Whether `begin` wants the losses of its nodes.
    [[nodiscard]] bool needs_losses() const { return coordinator::needs_losses(rule_.strategy); }

    /// What the nodes of a round start from.
    [[nodiscard]] Model model(std::uint32_t round, const Model& global);
    /// The same as it goes to clients.
    [[nodiscard]] SentModel sent_model() const;

    struct Round {
        std::uint32_t number = 0;
        std::span<const std::uint32_t> cohort;  ///< ascending: all that it was meant for
        std::span<const std::uint32_t> asked;   ///< ascending: those of them that will deliver in virtual time
        std::uint64_t most_steps = 0;           ///< of one of these
        std::vector<std::pair<std::uint32_t, double>> losses{};
    };
    void begin(Round round);
    /// Whether masks could be taken off the sum if all that are asked deliver, and no others.
    [[nodiscard]] bool can_be_unmasked() const;

    [[nodiscard]] TaskDetails details(std::uint32_t node) const;
    [[nodiscard]] ReadUpdate read(const protocol::Frame& frame, std::uint32_t node);
    /// The update that was read last, of as many bytes.
    void add(const AcceptedUpdate& update, std::uint64_t bytes);
    /// The sum of such updates of these nodes, where spec::may_presum allows it: no strategy that it allows asks for
    /// more of an update than its samples.
    void add(const learning::PartialSum& sum, std::uint64_t samples, std::span<const std::uint32_t> nodes);
    /// Of asynchronous training: one that was held.
    void add(const AcceptedUpdate& update);

    /// Why masks can't be taken off what has come, or nothing.
    [[nodiscard]] std::optional<masking::Unrecoverable> unrecoverable() const;
    /// The next global model. States advance: the updates of `delivered` count.
    [[nodiscard]] std::vector<float> next(std::span<const std::uint32_t> delivered);
    /// What the coordinator has computed for the round, of so many updates.
    [[nodiscard]] energy::Work work(std::size_t updates) const;

    /// What each method that isn't FedAvg's own has added to the round, of these nodes and so many updates.
    [[nodiscard]] std::vector<MethodWork> extra_work(std::span<const NodeSteps> nodes, std::size_t updates) const;

    /// What is asked of a node in a round: no more than `most_steps`, where that is above 0.
    [[nodiscard]] energy::NodeRound share(std::uint32_t node, std::uint64_t most_steps = 0) const;
    /// What became of it, of a node that has delivered.
    [[nodiscard]] energy::NodeRound done(energy::NodeRound share) const;
    [[nodiscard]] const learning::UpdateCost& update_cost() const { return update_cost_; }
    /// Up to a round that is in the model; nothing without privacy.
    [[nodiscard]] std::optional<run::PrivacySpending> spending(std::uint32_t rounds) const;

    void write(learning::StateWriter& state) const;
    void read_state(learning::StateReader& state);
    /// A checkpoint has been written.
    void settle();

private:
    [[nodiscard]] const Aggregate& aggregate() const;
    [[nodiscard]] std::unique_ptr<SecureMean> secure_mean(const Round& round) const;
    [[nodiscard]] ReadUpdate read_masked(const protocol::Frame& frame);

    const spec::Federated& rule_;
    std::uint64_t seed_;
    const learning::Model& model_;
    const datasets::NodeShares& shares_;
    const std::uint64_t total_samples_;
    const learning::UpdateCost update_cost_;
    const TrainedParts trained_parts_;
    std::unique_ptr<Strategy> strategy_;
    UpdateDecoder decoder_;
    std::optional<CountedUpdates> counted_;  // where nodes keep what they haven't sent
    std::optional<PrivateTraining> privacy_;
    std::optional<CompressedBroadcast> broadcast_;
    std::optional<PrunedRounds> pruned_;
    std::vector<std::uint64_t> update_bytes_;  // by node, of its last update
    // Of the round:
    std::uint32_t number_ = 0;
    std::vector<std::uint32_t> asked_;
    Model start_;
    std::unique_ptr<Aggregator> aggregator_;     // of updates in the clear
    const PrivateMean* private_mean_ = nullptr;  // the same, where there is privacy
    std::unique_ptr<SecureMean> secure_;         // of masked ones
    std::vector<std::uint64_t> masked_;          // the one that was read last
};

}  // namespace fedgram::coordinator
