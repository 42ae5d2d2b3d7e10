#include "coordinator/trainings/federated_run.hpp"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/training/node_work.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/protocol/node_set.hpp"
#include "common/spec/resolve.hpp"
#include "coordinator/rounds/fleet_facts.hpp"
#include "coordinator/rounds/fleet_schedule.hpp"
#include "coordinator/rounds/partial_share.hpp"
#include "coordinator/rounds/wasted_training.hpp"
#include "coordinator/selection/cohort.hpp"
#include "coordinator/selection/selector.hpp"
#include "coordinator/trainings/buffered_training.hpp"
#include "coordinator/trainings/evaluation_times.hpp"
#include "coordinator/trainings/frozen_layers.hpp"
#include "coordinator/trainings/model_evaluations.hpp"
#include "coordinator/trainings/round_conductor.hpp"
#include "coordinator/trainings/round_methods.hpp"
#include "coordinator/trainings/training_reports.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

namespace {

// Host costs may stay unwritten for so long while nothing happens, so that many small updates are one write. Of a
// coordinator that is killed in between, they are lost.
constexpr std::chrono::milliseconds longest_unwritten{10};

/// The rounds of one federated training. Carries out what each round decides: aggregates, evaluates, records.
class FederatedRun final : public RoundEffects {
public:
    FederatedRun(RunContext context, std::uint32_t index, ClientConnections& connections, asio::thread_pool& worker)
        : context_{context},
          index_{index},
          training_{context.model_runtime.experiment().trainings[index]},
          rule_{std::get<spec::Federated>(training_.kind)},
          connections_{connections},
          worker_{worker},
          conductor_{connections, *this},
          from_{context.checkpoints.take_point()},
          recorder_{context, training_, rule_.max_rounds, from_},
          shares_{datasets::node_shares(context.model_runtime.data(), context.model_runtime.experiment(), rule_)},
          train_loss_(shares_.nodes()),
          history_{shares_.nodes()},
          methods_{training_, context.model_runtime.experiment().seed, context.model_runtime.model(), shares_},
          reports_{context, training_},
          evaluations_{context.model_runtime, shares_, rule_, worker}
    {
        fleet::check_private_draw(rule_, recorder_.fleet(), "trainings." + training_.label);
        if (fleet::decides(rule_, recorder_.fleet())) make_schedule();
        learning::StateReader state{from_ ? std::span<const std::byte>{from_->state} : std::span<const std::byte>{}};
        global_ = std::make_shared<const std::vector<float>>(from_ ? state.list<float>()
                                                                   : context.model_runtime.starting_parameters());
        if (from_ && selector_) selector_->read(state);
        if (from_ && buffered_) buffered_->read(state, from_->rounds);
        if (from_ && schedule_) failures_ = state.list<std::uint32_t>().at(0);
        if (from_) methods_.read_state(state);
        if (const auto* const part = context.model_runtime.learned_part())
            frozen_.emplace(
                *part, shares_.nodes(), rule_.batch_size, [this](std::uint32_t node) { return shares_.size(node); },
                true, from_ ? from_->record.result.frozen : std::nullopt);
        if (from_ && frozen_) frozen_->read(state);
        datasets::check_rounds(frozen_ ? frozen_->cost().layer : "", schedule_ || buffered_, training_.label);
        if (global_->size() != context.model_runtime.model().parameters.size)
            throw DataError{"the checkpoint's model has " + std::to_string(global_->size()) + " parameters, this one " +
                            std::to_string(context.model_runtime.model().parameters.size)};
    }

    asio::awaitable<TrainingResult> run()
    {
        if (rule_.aggregation.holds_updates()) reports_.holds_updates(spec::cohort_size(rule_), global_->size());
        while (!recorder_.reached() && recorder_.rounds() < rule_.max_rounds) {
            const auto end = recorder_.is_to_pause() ? RoundEnd::stopped : co_await run_round(recorder_.rounds() + 1);
            if (end != RoundEnd::recorded) {
                // What the round that is dropped has cost stands in the files by now, as wasted.
                if (end == RoundEnd::stopped && recorder_.rounds() > 0) {
                    write_down();
                    context_.checkpoints.training_stopped(point());
                }
                if (end == RoundEnd::no_further) {
                    if (!is_evaluated_) recorder_.evaluated(co_await evaluation());
                    break;
                }
                // The result's accuracy is that of the model that it comes with.
                const bool diverged = end == RoundEnd::diverged;
                if (!is_evaluated_ && (diverged || recorder_.rounds() > 0)) recorder_.evaluated(co_await evaluation());
                co_return recorder_.finish(diverged ? Ending::diverged : Ending::interrupted, *global_);
            }
            bool written = false;
            context_.checkpoints.round_ended([this, &written] {
                written = true;
                return point();
            });
            if (written) methods_.settle();
        }
        if (rule_.node_test_share > 0) {
            auto scores = co_await evaluations_.node_scores(global_);
            if (frozen_) {
                scores.work = frozen_->looked_once(scores.work);
                recorder_.frozen(frozen_->cost());
            }
            recorder_.tested_nodes(std::move(scores));
        }
        co_return recorder_.finish(recorder_.reached() ? Ending::target : Ending::limit, *global_);
    }

private:
    /// Without a `recorded` round the global model is still that of the round before; a loss that is no number ends
    /// the training behind its round. There may be no further one, as where nobody of a fleet will come.
    enum class RoundEnd { recorded, stopped, diverged, no_further };

    /// So many rounds in a row that fewer than the quorum delivered in, and there is none that would be otherwise.
    static constexpr std::uint32_t most_failures = 20;

    void make_schedule()
    {
        const auto& model = context_.model_runtime.model();
        const auto share = [this](std::uint32_t node) { return share_of(node); };
        const auto seed = context_.model_runtime.experiment().seed;
        const auto trained = [this, &model](std::uint32_t node, learning::LocalEpochs done) {
            return learning::local_training_work(model, rule_, shares_.size(node), done);
        };
        const auto samples_of = [this](std::uint32_t node) { return shares_.size(node); };
        if (rule_.buffered) {
            buffered_.emplace(*recorder_.fleet(), *recorder_.fleet_pricing(), rule_, seed,
                              BufferedTraining::Costs{share, trained, samples_of});
            return;
        }
        schedule_.emplace(*recorder_.fleet(), rule_, seed, share, trained);
        if (rule_.partial_work)
            schedule_->take_partial_work(
                [this](std::uint32_t node, std::uint64_t steps) { return methods_.share(node, steps).train; });
        if (rule_.selection.is_default()) return;
        facts_.emplace(*recorder_.fleet(), *recorder_.fleet_pricing(), context_.accounting, rule_.nodes, share,
                       samples_of);
        selector_.emplace(training_, seed, *facts_);
        schedule_->choose_by(
            *selector_,
            [this, &model](std::uint64_t samples) { return learning::forward_work(model, samples, rule_.batch_size); },
            [this](std::uint32_t round, std::span<const Probe> probes) {
                return evaluations_.probed(*global_, round, probes);
            });
    }

    /// What a node of a round does.
    [[nodiscard]] energy::NodeRound share_of(std::uint32_t node) const
    {
        const auto share = methods_.share(node);
        return frozen_ ? frozen_->with_first_round(share) : share;
    }

    void end_early(std::uint32_t number, const std::string& reason)
    {
        recorder_.ends_early(reason);
        reports_.no_further_round(number, recorder_.virtual_time(), reason);
    }

    /// Who takes part in a round: all of its cohort, or where the fleet decides, those who will have delivered; of
    /// asynchronous training those who begin before the next flush. Nothing: there is no further round.
    asio::awaitable<std::optional<std::vector<std::uint32_t>>> participants(std::uint32_t number)
    {
        if (buffered_) {
            auto started = buffered_->next(global_);
            if (const auto* const none = std::get_if<NoRound>(&started)) {
                if (auto lost = buffered_->lost(false); !lost.empty())
                    recorder_.add_round({.number = number,
                                         .nodes = {},
                                         .train_loss = std::numeric_limits<double>::quiet_NaN(),
                                         .lost = std::move(lost),
                                         .lost_updates = buffered_->lost_updates(),
                                         .times = buffered_->times()});
                end_early(number, none->reason);
                co_return std::nullopt;
            }
            co_return std::get<std::vector<std::uint32_t>>(std::move(started));
        }
        if (number > methods_.most_rounds()) {
            end_early(number, "a further round would spend more than its stop_at_epsilon");
            co_return std::nullopt;
        }
        if (auto drawn = methods_.cohort(number)) co_return drawn;
        if (!schedule_)
            co_return draw_cohort(context_.model_runtime.experiment().seed, number, rule_.nodes,
                                  spec::cohort_size(rule_));
        // A selector may have candidates evaluate the model.
        const auto next = [this, number]() -> asio::awaitable<std::variant<ScheduledRound, NoRound>> {
            co_return schedule_->next(number, recorder_.virtual_time());
        };
        auto found = co_await asio::co_spawn(worker_, next, asio::use_awaitable);
        if (const auto* const none = std::get_if<NoRound>(&found)) {
            end_early(number, none->reason);
            co_return std::nullopt;
        }
        scheduled_ = std::move(std::get<ScheduledRound>(found));
        if (const auto waited = scheduled_->times.waited; waited > Seconds{}) reports_.begins_later(number, waited);
        std::vector<std::uint32_t> nodes;
        for (const auto& share : scheduled_->delivered) nodes.push_back(share.node);
        co_return nodes;
    }

    asio::awaitable<RoundEnd> run_round(std::uint32_t number)
    {
        if (connections_.stop_requested()) co_return RoundEnd::stopped;
        diverging_ = 0;
        const auto start = methods_.model(number, global_);  // borrowed until the round is recorded
        const auto asked = co_await participants(number);
        if (!asked) co_return RoundEnd::no_further;
        if (scheduled_ && asked->empty()) co_return co_await record_failure(number);
        if (!co_await begin(number, *asked, start)) co_return RoundEnd::diverged;
        if (scheduled_ && !methods_.can_be_unmasked()) {
            lose_delivered(number);
            co_return co_await record_failure(number);
        }
        failures_ = 0;
        Delivered delivered;
        if (!asked->empty()) {
            const auto end = co_await train(number, *asked, start, delivered);
            if (end != RoundEnd::recorded) co_return end;
        }
        const auto add = [this](const AcceptedUpdate& update) { methods_.add(update); };
        if (buffered_ && buffered_->give(add, *start) == 0)
            throw SystemError{
                fmt::format("{}: all updates of flush {} were lost on this machine", training_.label, number)};

        if (const auto lost = methods_.unrecoverable())
            throw SystemError{
                fmt::format("{}: round {} can't be unmasked: {} of those that hold a share of node {}'s "
                            "secrets delivered, and it takes {}",
                            training_.label, number, lost->shares, lost->node, lost->threshold)};
        const auto next = [this, &delivered]() -> asio::awaitable<std::vector<float>> {
            co_return methods_.next(delivered.nodes);
        };
        global_ =
            std::make_shared<const std::vector<float>>(co_await asio::co_spawn(worker_, next, asio::use_awaitable));
        is_evaluated_ = false;
        std::optional<learning::Evaluation> looked;
        if (is_due(number)) looked = co_await evaluation();
        if (looked && frozen_) looked = frozen_->with_first_look(*looked);
        recorder_.missed(delivered.missing);
        const auto updates = buffered_ ? buffered_->taken_updates() : delivered.nodes.size();
        record(number, delivered.nodes, methods_.work(updates), looked);
        co_return looked && !std::isfinite(looked->mean_loss) ? RoundEnd::diverged : RoundEnd::recorded;
    }

    /// False where the model's loss is no number at a node that is asked for it.
    asio::awaitable<bool> begin(std::uint32_t number, const std::vector<std::uint32_t>& asked,
                                RoundMethods::Model start)
    {
        RoundMethods::Round round{.number = number, .cohort = asked, .asked = asked};
        if (scheduled_) round.cohort = scheduled_->cohort;
        for (const auto node : asked) round.most_steps = std::max(round.most_steps, steps_of(node));
        if (methods_.needs_losses()) {
            const auto losses = co_await evaluations_.losses(start, number, asked);
            if (!std::ranges::all_of(losses, [](double loss) { return std::isfinite(loss); })) co_return false;
            for (std::size_t i = 0; i < asked.size(); ++i) round.losses.emplace_back(asked[i], losses[i]);
        }
        methods_.begin(std::move(round));
        co_return true;
    }

    /// That a node takes in this round.
    [[nodiscard]] std::uint64_t steps_of(std::uint32_t node) const
    {
        std::uint64_t most = 0;
        if (scheduled_)
            if (const auto found = scheduled_->most_steps.find(node); found != scheduled_->most_steps.end())
                most = found->second;
        return learning::local_epochs(rule_, shares_.size(node), most).steps;
    }

    /// What the nodes of a scheduled round have delivered can't be unmasked: it is lost with the rest.
    void lose_delivered(std::uint32_t number)
    {
        reports_.not_unmasked(number, scheduled_->delivered.size());
        scheduled_->lost_updates += static_cast<std::uint32_t>(scheduled_->delivered.size());
        auto& lost = scheduled_->lost;
        lost.insert(lost.end(), scheduled_->delivered.begin(), scheduled_->delivered.end());
        lost = summed_by_node(std::move(lost));
        scheduled_->delivered.clear();
    }

    /// Too few have delivered in virtual time: what was done is lost, and the model stays.
    asio::awaitable<RoundEnd> record_failure(std::uint32_t number)
    {
        if (failures_ == most_failures) {
            end_early(number, fmt::format("fewer than its quorum delivered in each of the last {} rounds", failures_));
            co_return RoundEnd::no_further;
        }
        ++failures_;
        DoneRound done{.number = number, .nodes = {}, .train_loss = std::numeric_limits<double>::quiet_NaN()};
        if (is_due(number)) done.evaluation = co_await evaluation();
        done.lost = scheduled_->lost;
        done.lost_updates = scheduled_->lost_updates;
        done.times = scheduled_->times;
        recorder_.add_round(done);
        co_return RoundEnd::recorded;
    }

    /// Those of a round's nodes whose updates have come, ascending, and how many are missing.
    struct Delivered {
        std::vector<std::uint32_t> nodes;
        std::uint32_t missing = 0;
    };

    /// Has these nodes, at least one, train from `start`. `recorded` where the quorum has delivered.
    asio::awaitable<RoundEnd> train(std::uint32_t number, const std::vector<std::uint32_t>& asked,
                                    std::shared_ptr<const std::vector<float>> start, Delivered& delivered)
    {
        RoundPlan plan{index_, number, {}};
        for (const auto node : asked) plan.cohort.push_back({node, shares_.size(node)});
        if (scheduled_) plan.most_steps = scheduled_->most_steps;
        const learning::UpdateLimits limits{*start, rule_.max_update_norm};
        Round round{std::move(plan),
                    rule_,
                    limits,
                    history_,
                    [this](ClientId client) { return connections_.is_ready(client); },
                    connections_.now()};
        co_await conductor_.conduct(round, methods_.sent_model());
        if (round.state() == RoundState::stopped) co_return RoundEnd::stopped;
        const auto& nodes = round.nodes();
        const bool no_quorum = round.state() == RoundState::no_quorum;
        if (no_quorum && nodes.delivered_count() + diverging_ >= nodes.quorum()) {
            reports_.diverged(number, diverging_, nodes.size());
            co_return RoundEnd::diverged;
        }
        if (no_quorum)
            throw SystemError{fmt::format("{}: round {} has the updates of {} nodes, its quorum is {} of {}; lost: {}",
                                          training_.label, number, nodes.delivered_count(), nodes.quorum(),
                                          nodes.size(), protocol::NodeSet{nodes.lost_nodes()}.text())};
        delivered.nodes = nodes.delivered_nodes();
        delivered.missing = nodes.size() - static_cast<std::uint32_t>(delivered.nodes.size());
        co_return RoundEnd::recorded;
    }

    /// Whether the model is evaluated behind this round, whose times are known.
    [[nodiscard]] bool is_due(std::uint32_t number) const
    {
        energy::RoundTimes times;
        if (buffered_) times = buffered_->times();
        if (scheduled_) times = scheduled_->times;
        const auto begin = recorder_.virtual_time();
        return is_evaluated_behind(rule_, number, begin, begin + times.waited + times.lasted);
    }

    /// Of the global model.
    asio::awaitable<learning::Evaluation> evaluation()
    {
        const auto looked = co_await evaluations_.evaluation(global_);
        is_evaluated_ = true;
        co_return looked;
    }

    [[nodiscard]] run::TrainingPoint point() const
    {
        learning::StateWriter state;
        state.add(std::span<const float>{*global_});
        if (selector_) selector_->write(state);
        if (buffered_) buffered_->write(state);
        if (schedule_) state.add(std::span<const std::uint32_t>{&failures_, 1});
        methods_.write(state);
        if (frozen_) frozen_->write(state);
        return {recorder_.rounds(), recorder_.record(), state.take()};
    }

    void carry_out(const Round& round, const RecordAction& action, const ReceivedUpdate* update) override
    {
        const auto carry_out_each = [&](const auto& each) {
            if constexpr (requires { reports_.say(round, each); })
                reports_.say(round, each);
            else
                carry_out(round, each, update);
        };
        std::visit(carry_out_each, action);
    }

    void carry_out(const Round& round, const AddUpdate& add, const ReceivedUpdate* update)
    {
        if (buffered_) {
            buffered_->hold(add.node,
                            {{update->parameters.begin(), update->parameters.end()}, update->mean_loss, update->bytes});
            return;
        }
        methods_.add({add.node, update->parameters, update->samples, steps_of(add.node)}, update->bytes);
        train_loss_[add.node] = update->mean_loss;
        if (update->state_lost) {
            reports_.state_lost(round.number(), add.node);
            recorder_.state_lost(add.node);
        }
    }

    void carry_out(const Round&, const NoteHeld& held, const ReceivedUpdate* update)
    {
        train_loss_[held.node] = update->mean_loss;
    }

    /// No strategy that may_presum allows asks for more of an update than its samples.
    void carry_out(const Round&, const AddSum& sum, const ReceivedUpdate* update)
    {
        const auto read = learning::PartialSum::read(update->parameters, global_->size());
        methods_.add(read.value(), update->samples, sum.nodes);
        recorder_.metered(sum.client, update->report.meters);
    }

    void carry_out(const Round& round, const RecordHostCost& cost, const ReceivedUpdate* update)
    {
        recorder_.add(round.number(), cost.node, cost.client, update->report);
        write_due_ = std::min(write_due_, connections_.now() + longest_unwritten);
    }

    void carry_out(const Round& round, const RefuseUpdate& refused, const ReceivedUpdate*)
    {
        reports_.refused(round.number(), refused);
        const auto reason = refused.refusal.reason;
        recorder_.refused(reason);
        if (reason == learning::RefusalReason::not_finite || reason == learning::RefusalReason::norm_too_large)
            ++diverging_;
    }

    void carry_out(const Round& round, const RecordWaste& waste, const ReceivedUpdate*)
    {
        if (waste.uploaded) write_down();
        std::vector<run::LedgerLine> lines;
        for (const auto node : waste.nodes)
            std::ranges::move(wasted_training_lines(
                                  {round.number(), node, shares_.size(node), waste.uploaded, round.most_steps(node)},
                                  training_, context_.model_runtime.model(), methods_.update_cost(),
                                  context_.accounting, recorder_.fleet_pricing()),
                              std::back_inserter(lines));
        recorder_.wasted(lines);
    }

    [[nodiscard]] TaskDetails details(std::uint32_t node) const override { return methods_.details(node); }

    [[nodiscard]] ReadUpdate read(const Round&, std::uint32_t node, const protocol::Frame& frame) override
    {
        return methods_.read(frame, node);
    }

    void waiting(const Round& round) override
    {
        context_.progress.goes_on(context_.folder, [&] {
            const auto nodes = round.nodes().counts();
            auto progress = recorder_.progress(static_cast<double>(nodes.delivered) / round.nodes().size());
            progress.nodes = nodes;
            return progress;
        });
    }

    void clients_changed() override { context_.clients_changed(); }

    [[nodiscard]] net::Clock::time_point write_due() const override { return write_due_; }

    void write_down() override
    {
        recorder_.flush_host_costs();
        write_due_ = net::Clock::time_point::max();
    }

    /// `delivered`: the nodes whose updates came from this machine's clients.
    void record(std::uint32_t number, const std::vector<std::uint32_t>& delivered, const energy::Work& aggregation,
                const std::optional<learning::Evaluation>& evaluation)
    {
        DoneRound done{.number = number,
                       .nodes = {},
                       .aggregation = aggregation,
                       .evaluation = evaluation,
                       .privacy = methods_.spending(number)};
        if (buffered_) {
            const bool is_last =
                number == rule_.max_rounds || (evaluation && recorder_.would_reach(evaluation->accuracy));
            done.nodes = buffered_->taken();
            done.buffered_updates = buffered_->taken_updates();
            done.train_loss = buffered_->train_loss();
            done.lost = buffered_->lost(is_last);
            done.lost_updates = buffered_->lost_updates();
            done.times = buffered_->times();
            done.methods = methods_work(done.nodes, buffered_->taken_updates());
            buffered_->forget();
            recorder_.add_round(done);
            return;
        }
        std::uint64_t samples = 0;
        double loss_sum = 0;
        for (const auto node : delivered) {
            done.nodes.push_back(done_by(node));
            samples += shares_.size(node);
            loss_sum += train_loss_[node] * static_cast<double>(shares_.size(node));
        }
        done.train_loss = loss_sum / static_cast<double>(samples);
        if (scheduled_) {
            done.lost = scheduled_->lost;
            done.lost_updates = scheduled_->lost_updates;
            done.times = scheduled_->times;
        }
        done.methods = methods_work(done.nodes, delivered.size());
        if (frozen_) {
            frozen_->ended(done.nodes);
            recorder_.frozen(frozen_->cost());
        }
        recorder_.add_round(done);
        if (selector_) selector_->learn(outcome(number, delivered));
    }

    /// What each method of this training has added to the round that has just become a model, of these nodes.
    [[nodiscard]] std::vector<MethodWork> methods_work(const std::vector<energy::NodeRound>& nodes,
                                                       std::size_t updates) const
    {
        std::vector<NodeSteps> steps;
        for (const auto& node : nodes) steps.push_back({node.node, trained_steps(node)});
        return methods_.extra_work(steps, updates);
    }

    /// Those of its local training alone: as a candidate a node takes others, and a flush may have several updates of
    /// one node.
    [[nodiscard]] std::uint64_t trained_steps(const energy::NodeRound& node) const
    {
        return buffered_ ? node.train.steps : steps_of(node.node);
    }

    /// What a node of this round has done, also as a candidate.
    [[nodiscard]] energy::NodeRound done_by(std::uint32_t node) const
    {
        return methods_.done(scheduled_
                                 ? *std::ranges::lower_bound(scheduled_->delivered, node, {}, &energy::NodeRound::node)
                                 : share_of(node));
    }

    /// What became of the scheduled round; `delivered` are the nodes that did on this machine, too.
    [[nodiscard]] RoundOutcome outcome(std::uint32_t number, const std::vector<std::uint32_t>& delivered) const
    {
        RoundOutcome outcome{number, scheduled_->began, {}, recorder_.latest_grams()};
        for (const auto node : scheduled_->cohort) {
            auto& each = outcome.nodes.emplace_back(NodeOutcome{node, std::nullopt});
            const auto place = std::ranges::lower_bound(scheduled_->delivered, node, {}, &energy::NodeRound::node) -
                               scheduled_->delivered.begin();
            if (std::ranges::binary_search(delivered, node))
                each.delivery = {train_loss_[node], scheduled_->busy[static_cast<std::size_t>(place)]};
        }
        return outcome;
    }

    RunContext context_;
    std::uint32_t index_;
    const spec::Training& training_;
    const spec::Federated& rule_;
    ClientConnections& connections_;
    asio::thread_pool& worker_;
    RoundConductor conductor_;
    const std::optional<run::TrainingPoint> from_;  // where the training goes on
    TrainingRecorder recorder_;
    const datasets::NodeShares shares_;
    std::vector<double> train_loss_;  // by node, of its last update
    RoundHistory history_;
    RoundMethods methods_;
    std::optional<FrozenLayers> frozen_;  // where some are
    TrainingReports reports_;
    ModelEvaluations evaluations_;
    std::optional<FleetSchedule> schedule_;     // where the fleet decides who takes part, and when
    std::uint32_t failures_ = 0;                // scheduled rounds in a row that came to nothing
    std::optional<BufferedTraining> buffered_;  // of asynchronous training
    std::optional<FleetFacts> facts_;           // where a selection other than a uniform one does
    std::optional<Selector> selector_;
    std::optional<ScheduledRound> scheduled_;           // of the round
    std::uint32_t diverging_ = 0;                       // updates of this round that were refused for their values
    std::shared_ptr<const std::vector<float>> global_;  // shared with the frames that carry it
    bool is_evaluated_ = false;                         // the global model, since this process has it
    net::Clock::time_point write_due_ = net::Clock::time_point::max();
};

}  // namespace

asio::awaitable<TrainingResult> run_federated(RunContext context, std::uint32_t training_index,
                                              ClientConnections& connections, asio::thread_pool& worker)
{
    FederatedRun run{context, training_index, connections, worker};
    co_return co_await run.run();
}

}  // namespace fedgram::coordinator
