#include "coordinator/trainings/round_methods.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>

#include "common/error/error.hpp"
#include "coordinator/strategies/scaled_update.hpp"

namespace fedgram::coordinator {

RoundMethods::RoundMethods(const spec::Training& training, std::uint64_t seed, const learning::Model& model,
                           const datasets::NodeShares& shares)
    : rule_{std::get<spec::Federated>(training.kind)},
      seed_{seed},
      model_{model},
      shares_{shares},
      total_samples_{rule_.secure_aggregation ? shares.total() : 0},
      update_cost_{learning::update_cost(model, rule_, total_samples_)},
      trained_parts_{model.parameters},
      strategy_{make_strategy(rule_, model.parameters)},
      decoder_{rule_, seed, model.parameters.size},
      update_bytes_(shares.nodes())
{
    if (rule_.secure_aggregation)
        spec::check_ring(*rule_.secure_aggregation, "trainings." + training.label + ".secure_aggregation",
                         learning::most_total_weight(rule_, total_samples_));
    if (rule_.compression.error_feedback) counted_.emplace(rule_.nodes);
    if (rule_.privacy) privacy_.emplace(rule_, seed);
    if (!rule_.download_compression.is_none())
        broadcast_.emplace(rule_.download_compression, seed, rule_.nodes, model.parameters.size);
    if (rule_.pruning) pruned_.emplace(*rule_.pruning, model.parameters);
}

std::optional<std::vector<std::uint32_t>> RoundMethods::cohort(std::uint32_t round) const
{
    if (!privacy_) return std::nullopt;
    return privacy_->cohort(round);
}

std::uint32_t RoundMethods::most_rounds() const { return privacy_ ? privacy_->most_rounds() : rule_.max_rounds; }

RoundMethods::Model RoundMethods::model(std::uint32_t round, const Model& global)
{
    start_ = broadcast_ ? broadcast_->begin(round, global) : global;
    if (pruned_) pruned_->begin(round, start_);
    return start_;
}

SentModel RoundMethods::sent_model() const { return pruned_ ? pruned_->sent() : SentModel{start_}; }

void RoundMethods::begin(Round round)
{
    number_ = round.number;
    asked_.assign(round.asked.begin(), round.asked.end());
    private_mean_ = nullptr;
    secure_.reset();
    aggregator_.reset();
    // Nobody of an empty round has anything to hide.
    if (rule_.secure_aggregation && !round.asked.empty()) {
        secure_ = secure_mean(round);
    } else if (privacy_) {
        auto mean = privacy_->mean(number_, *start_);
        private_mean_ = mean.get();
        aggregator_ = std::move(mean);
    } else {
        aggregator_ = make_aggregator(rule_.aggregation, *start_);
    }
    const double rate =
        rule_.optimizer.learning_rate * spec::schedule_factor(rule_.rate_schedule, number_, rule_.max_rounds);
    strategy_->begin({.number = number_,
                      .model = start_,
                      .local_rate = rate,
                      .most_steps = round.most_steps,
                      .losses = std::move(round.losses)});
}

std::unique_ptr<SecureMean> RoundMethods::secure_mean(const Round& round) const
{
    const auto& secure = *rule_.secure_aggregation;
    const auto [neighbours, threshold] = spec::neighbourhood(secure, static_cast<std::uint32_t>(round.cohort.size()));
    const masking::FixedPointRule fixed_point{secure, learning::most_total_weight(rule_, total_samples_)};
    std::optional<SecureNoise> noise;
    if (privacy_) noise = privacy_->noise_on_sum(round.number, start_->size(), 1 / fixed_point.steps_in_one());
    return std::make_unique<SecureMean>(fixed_point, masking::MaskedRound{seed_, round.number},
                                        masking::MaskGraph{seed_, round.number, round.cohort, neighbours}, threshold,
                                        *start_, noise);
}

bool RoundMethods::can_be_unmasked() const
{
    return !secure_ || !masking::unrecoverable(secure_->graph(), asked_, secure_->threshold());
}

TaskDetails RoundMethods::details(std::uint32_t node) const
{
    TaskDetails details{strategy_->linear_term(node)};
    if (counted_) {
        details.counted_round = counted_->counted(node);
        details.settled_round = counted_->settled(node);
    }
    if (secure_) details.neighbours = secure_->graph().neighbours(node);
    return details;
}

ReadUpdate RoundMethods::read(const protocol::Frame& frame, std::uint32_t node)
{
    if (secure_) return read_masked(frame);
    const bool is_sparse = pruned_ && pruned_->is_sparse();
    auto read = is_sparse ? pruned_->parameters(frame) : decoder_.parameters(frame, *start_, number_, node);
    if (auto* const refusal = std::get_if<learning::Refusal>(&read)) return std::move(*refusal);
    return std::get<std::span<const float>>(read);
}

ReadUpdate RoundMethods::read_masked(const protocol::Frame& frame)
{
    using learning::Refusal;
    using learning::RefusalReason;
    if (frame.type != protocol::MessageType::encoded_update)
        return Refusal{RefusalReason::wrong_code, "it is not masked, and this training's updates are"};
    if (frame.payload_bytes == 0)
        return Refusal{RefusalReason::not_finite, "its training gave a value that is not finite"};
    auto words = secure_->masked(frame.encoded());
    if (!words)
        return Refusal{RefusalReason::wrong_code,
                       fmt::format("it has {} bytes; a masked update has {}, the last of them filled up by zeros",
                                   frame.payload_bytes, secure_->setting().ring.packed_size(start_->size()))};
    masked_ = std::move(*words);
    return Masked{};
}

void RoundMethods::add(const AcceptedUpdate& update, std::uint64_t bytes)
{
    update_bytes_[update.node] = bytes;
    if (!secure_) return add(update);
    secure_->add(update.node, masked_, privacy_ ? 1 : strategy_->take(update).weight);
}

void RoundMethods::add(const AcceptedUpdate& update)
{
    const auto [scale, weight] = strategy_->take(update);
    if (scale == 1)
        aggregator_->add(update.parameters, weight);
    else
        aggregator_->add(scaled_update(*start_, update.parameters, scale, trained_parts_), weight);
}

void RoundMethods::add(const learning::PartialSum& sum, std::uint64_t samples, std::span<const std::uint32_t> nodes)
{
    for (const auto node : nodes) update_bytes_[node] = update_cost_.bytes;
    aggregator_->add(sum, samples, nodes.size());
}

const Aggregate& RoundMethods::aggregate() const
{
    if (secure_) return *secure_;
    return *aggregator_;
}

std::optional<masking::Unrecoverable> RoundMethods::unrecoverable() const
{
    return secure_ ? secure_->unrecoverable() : std::nullopt;
}

std::vector<float> RoundMethods::next(std::span<const std::uint32_t> delivered)
{
    if (secure_) secure_->unmask();
    auto next = strategy_->next(aggregate());
    if (private_mean_ != nullptr) privacy_->ended(number_, *private_mean_);
    if (counted_) counted_->count(delivered, number_);
    if (pruned_) next = pruned_->ended(std::move(next));
    return broadcast_ ? broadcast_->ended(delivered, std::move(next)) : next;
}

energy::Work RoundMethods::work(std::size_t updates) const
{
    auto work = aggregate().work();
    work += strategy_->work();
    for (std::size_t i = 0; i < updates; ++i) work += update_cost_.decoding;
    if (broadcast_) work += broadcast_->work();
    if (pruned_) work += pruned_->work(updates);
    return work;
}

std::vector<MethodWork> RoundMethods::extra_work(std::span<const NodeSteps> nodes, std::size_t updates) const
{
    std::vector<MethodWork> methods;
    const auto of_updates = [updates](const energy::Work& each) {
        energy::Work sum;
        for (std::size_t i = 0; i < updates; ++i) sum += each;
        return sum;
    };
    if (!rule_.strategy.is_default()) {
        auto& strategy = methods.emplace_back(MethodWork{spec::Method::strategy, {}, strategy_->work()});
        for (const auto& [node, steps] : nodes)
            strategy.nodes += learning::strategy_work(model_, rule_, shares_.size(node), steps);
    }
    if (!rule_.compression.is_none() || broadcast_) {
        auto& compression = methods.emplace_back(MethodWork{spec::Method::compression, {}, {}});
        if (!rule_.compression.is_none()) {
            compression.nodes += of_updates(update_cost_.encoding);
            compression.coordinator += of_updates(update_cost_.decoding);
        }
        if (broadcast_) {
            for (const auto& [node, steps] : nodes) compression.nodes += broadcast_->decoding(node);
            compression.coordinator += broadcast_->work();
        }
    }
    if (pruned_) {
        auto& pruning = methods.emplace_back(MethodWork{spec::Method::pruning, {}, pruned_->work(updates)});
        for (const auto& [node, steps] : nodes) pruning.nodes += pruned_->node_work(steps);
    }
    if (privacy_)
        methods.push_back({spec::Method::privacy,
                           {},
                           private_mean_ != nullptr ? private_mean_->extra_work() : secure_->noise_work()});
    if (secure_) {
        const auto setting = secure_->setting();
        const auto traffic =
            masking::coordinator_traffic(setting, setting.cohort - static_cast<std::uint32_t>(updates));
        methods.push_back({spec::Method::secure_aggregation,
                           of_updates(update_cost_.encoding),
                           secure_->work(),
                           {traffic.messages_up, traffic.messages_down}});
    }
    return methods;
}

energy::NodeRound RoundMethods::share(std::uint32_t node, std::uint64_t most_steps) const
{
    auto share = learning::node_round(model_, rule_, update_cost_, node, shares_.size(node), most_steps);
    if (pruned_) share = pruned_->with_exchange(share);
    return broadcast_ ? broadcast_->with_download(share) : share;
}

energy::NodeRound RoundMethods::done(energy::NodeRound share) const
{
    share.bytes_up = update_bytes_[share.node];
    if (!secure_) return share;
    // Of the cohort that there was, which may be another than the planned one.
    const auto traffic = masking::node_traffic(secure_->setting(), masking::Delivery::delivered);
    share.bytes_up = traffic.bytes_up;
    share.bytes_down += traffic.bytes_down;
    share.bytes_down -= update_cost_.bytes_down;
    return share;
}

std::optional<run::PrivacySpending> RoundMethods::spending(std::uint32_t rounds) const
{
    const auto spent = privacy_ ? privacy_->spent(rounds) : std::nullopt;
    if (!spent) return std::nullopt;
    return run::PrivacySpending{.epsilon = spent->epsilon,
                                .delta = spent->delta,
                                .noise_multiplier = privacy_->noise_multiplier(),
                                .clip = privacy_->clip(),
                                .rounds = rounds,
                                .sampling_rate = privacy_->sampling_rate(),
                                .accountant = std::string{spent->accountant},
                                .assumptions = spent->assumptions};
}

void RoundMethods::write(learning::StateWriter& state) const
{
    strategy_->write(state);
    if (counted_) counted_->write(state);
    if (privacy_) privacy_->write(state);
    if (broadcast_) broadcast_->write(state);
}

void RoundMethods::read_state(learning::StateReader& state)
{
    strategy_->read(state);
    if (counted_) counted_->read(state);
    if (privacy_) privacy_->read(state);
    if (broadcast_) broadcast_->read(state);
}

void RoundMethods::settle()
{
    if (counted_) counted_->settle();
}

}  // namespace fedgram::coordinator
