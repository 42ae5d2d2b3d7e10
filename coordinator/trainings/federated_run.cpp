#include "coordinator/trainings/federated_run.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/use_awaitable.hpp>
#include <chrono>
#include <cmath>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "common/energy/pricing/training_energy.hpp"
#include "common/error/error.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/learning/updates/update_check.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "common/run/ledger_lines.hpp"
#include "common/spec/resolve.hpp"
#include "coordinator/aggregation/aggregator.hpp"
#include "coordinator/rounds/round_patience.hpp"
#include "coordinator/rounds/wasted_training.hpp"
#include "coordinator/selection/cohort.hpp"
#include "datasets/partition/federation.hpp"

namespace fedgram::coordinator {

namespace {

// For so long what hosts have spent may stay unwritten while nothing happens, so that many small updates are one write.
// A coordinator that is killed knows no more of them than of what still lay in its sockets.
constexpr std::chrono::milliseconds longest_unwritten{10};

/// The rounds of one federated training: what they share, and how one of them is run.
class FederatedRun {
public:
    FederatedRun(RunContext context, std::uint32_t index, ClientHub& hub, asio::thread_pool& worker)
        : context_{context},
          index_{index},
          training_{context.model_runtime.experiment().trainings[index]},
          rule_{std::get<spec::Federated>(training_.kind)},
          hub_{hub},
          worker_{worker},
          from_{context.checkpoints.take_point()},
          recorder_{context, training_, rule_.max_rounds, from_},
          shares_{datasets::node_shares(context.model_runtime.data(), context.model_runtime.experiment(), rule_)}
    {
        answered_.resize(shares_.nodes());
        train_loss_.resize(shares_.nodes());
        global_ = std::make_shared<const std::vector<float>>(from_ ? learning::StateReader{from_->state}.list<float>()
                                                                   : context.model_runtime.starting_parameters());
        if (global_->size() != context.model_runtime.model().parameters.size)
            throw DataError{"the checkpoint's model has " + std::to_string(global_->size()) + " parameters, this one " +
                            std::to_string(context.model_runtime.model().parameters.size)};
    }

    asio::awaitable<TrainingResult> run()
    {
        if (rule_.aggregation.holds_updates())
            context_.progress.say(
                fmt::format("{}: this aggregation holds a round's updates, {} x {} parameters, in memory",
                            training_.label, spec::cohort_size(rule_), global_->size()));
        while (!recorder_.reached() && recorder_.rounds() < rule_.max_rounds) {
            if (!co_await run_round(recorder_.rounds() + 1)) {
                // The result's accuracy is that of the model that it comes with.
                if (recorder_.rounds() > 0 && !is_evaluated(recorder_.rounds()))
                    recorder_.evaluated(co_await evaluation());
                co_return recorder_.finish(Ending::interrupted, *global_);
            }
            context_.checkpoints.round_ended([this] { return point(); });
        }
        co_return recorder_.finish(recorder_.reached() ? Ending::target : Ending::limit, *global_);
    }

private:
    /// A round's model, and the clients that have it: each gets it once, before its first task.
    struct Briefing {
        protocol::OutgoingFrame model;
        std::set<ClientId> clients;
    };

    /// False when it was stopped before its end: the global model is then still that of the round before.
    asio::awaitable<bool> run_round(std::uint32_t number)
    {
        if (hub_.stop_requested()) co_return false;
        const auto& experiment = context_.model_runtime.experiment();
        const auto cohort = draw_cohort(experiment.seed, number, rule_.nodes, spec::cohort_size(rule_));
        std::vector<Round::Member> members;
        for (const auto node : cohort) members.push_back({node, shares_.size(node)});
        Round round{members, rule_.quorum};
        for (const auto* client : hub_.clients()) round.join(client->host);
        const auto aggregator = make_aggregator(rule_.aggregation, *global_);
        const learning::UpdateLimits limits{*global_, rule_.max_update_norm};

        wire::RoundModel announcement;
        announcement.set_training(index_);
        announcement.set_round(number);
        Briefing briefing{protocol::frame(protocol::MessageType::round_model, announcement, global_), {}};

        RoundPatience patience{rule_, net::Clock::now()};
        if (losses_to_come_.take(round)) patience.client_lost(net::Clock::now());
        hand_out(round, number, briefing);
        for (std::uint32_t overdue = 0; !round.settled();) {
            if (hub_.stop_requested()) {
                flush_host_costs();
                record_wasted(number, round.expire());
                record_wasted(number, round.delivered_nodes(), true);
                co_return false;
            }
            show(round, number);
            // What has arrived before the deadline counts, though it be looked at later: one update from each node.
            auto event = co_await hub_.next(std::min(patience.until(round), host_due_));
            if (net::Clock::now() >= host_due_) flush_host_costs();
            if (net::Clock::now() >= patience.until(round) && (!event || ++overdue > round.size())) {
                expire(round, number);
                break;
            }
            if (!event) continue;
            if (auto* arrived = std::get_if<FrameArrived>(&*event)) {
                take_or_drop(round, limits, *aggregator, number, *arrived);
                hub_.recycle(std::move(arrived->frame.payload));
            } else if (const auto* gone = std::get_if<ClientLost>(&*event)) {
                if (round.owed_by(gone->nodes))
                    patience.client_lost(net::Clock::now());
                else
                    losses_to_come_.add(gone->nodes);
                lose(round, number, *gone);
            } else if (const auto* back = std::get_if<ClientReady>(&*event)) {
                if (const auto* client = hub_.find(back->client)) {
                    round.join(client->host);
                    context_.folder.append_event("client_ready", {{"nodes", client->host.nodes.ids()}});
                }
                clients_changed_ = true;
            }
            // Of a crowd that comes at once one file is written, and not one for each.
            if (!hub_.has_news() && std::exchange(clients_changed_, false)) context_.clients_changed();
            hand_out(round, number, briefing);
        }
        flush_host_costs();
        if (!round.quorum_held()) {
            record_wasted(number, round.delivered_nodes(), true);
            throw SystemError{fmt::format("{}: round {} has the updates of {} nodes, its quorum is {} of {}; lost: {}",
                                          training_.label, number, round.delivered_count(), round.quorum(),
                                          round.size(), protocol::NodeSet{round.lost_nodes()}.text())};
        }

        const auto aggregate = [&]() -> asio::awaitable<std::vector<float>> { co_return aggregator->result(); };
        global_ = std::make_shared<const std::vector<float>>(
            co_await asio::co_spawn(worker_, aggregate, asio::use_awaitable));
        std::optional<learning::Evaluation> looked;
        if (is_evaluated(number)) looked = co_await evaluation();
        record(number, round, aggregator->work(), looked);
        co_return true;
    }

    [[nodiscard]] bool is_evaluated(std::uint32_t number) const
    {
        return number % rule_.evaluate_every_rounds == 0 || number == rule_.max_rounds;
    }

    /// Of the global model, on the worker's thread.
    asio::awaitable<learning::Evaluation> evaluation()
    {
        const auto evaluate = [this]() -> asio::awaitable<learning::Evaluation> {
            co_return context_.model_runtime.evaluate(*global_);
        };
        co_return co_await asio::co_spawn(worker_, evaluate, asio::use_awaitable);
    }

    void flush_host_costs()
    {
        recorder_.flush_host_costs();
        host_due_ = net::Clock::time_point::max();
    }

    void lose(Round& round, std::uint32_t number, const ClientLost& gone)
    {
        if (const auto node = round.training_on(gone.client); node && gone.wrong_payload) {
            refuse(number, *node, {learning::RefusalReason::wrong_shape, gone.reason});
            round.lost(*node);
            record_wasted(number, {*node});
        }
        if (const auto node = round.client_lost(gone.client)) record_wasted(number, {*node});
        context_.folder.append_event("client_lost", {{"nodes", gone.nodes.ids()}, {"reason", gone.reason}});
    }

    void show(const Round& round, std::uint32_t number)
    {
        if (!round.busy() && round.orphaned_nodes() != waiting_for_) {
            waiting_for_ = round.orphaned_nodes();
            context_.progress.say(
                fmt::format("{} round {}: {} of {} nodes have delivered, waiting for a client that "
                            "hosts {}",
                            training_.label, number, round.delivered_count(), round.size(),
                            protocol::NodeSet{waiting_for_}.text()));
        }
        context_.progress.transient([&] {
            return fmt::format("{} round {}: {} of {} nodes have delivered", training_.label, number,
                               round.delivered_count(), round.size());
        });
    }

    /// The round has been waited for long enough.
    void expire(Round& round, std::uint32_t number)
    {
        const auto late = round.expire();
        record_wasted(number, late);
        const auto lost = round.lost_nodes();
        spdlog::warn("{} round {} ends without the nodes {}", training_.label, number, protocol::NodeSet{lost}.text());
        context_.folder.append_event(
            "round_expired",
            {{"training", training_.label}, {"round", number}, {"lost", lost}, {"still_training", late}});
    }

    /// Nodes that had begun and whose update will not be used.
    void record_wasted(std::uint32_t number, const std::vector<std::uint32_t>& nodes, bool uploaded = false)
    {
        std::vector<run::LedgerLine> lines;
        for (const auto node : nodes)
            std::ranges::move(wasted_training_lines({number, node, shares_.size(node), uploaded}, training_,
                                                    context_.model_runtime.model(), context_.accounting),
                              std::back_inserter(lines));
        recorder_.wasted(lines);
    }

    [[nodiscard]] run::TrainingPoint point() const
    {
        learning::StateWriter state;
        state.add(std::span<const float>{*global_});
        return {recorder_.rounds(), recorder_.record(), state.take()};
    }

    void hand_out(Round& round, std::uint32_t number, Briefing& briefing)
    {
        for (const auto& [client, node] : round.assign([this](ClientId each) { return hub_.is_ready(each); })) {
            if (briefing.clients.insert(client).second) hub_.send(client, briefing.model);
            wire::TrainNode task;
            task.set_training(index_);
            task.set_round(number);
            task.set_node(node);
            hub_.send(client, protocol::frame(protocol::MessageType::train_node, task));
        }
    }

    /// A client that breaks the protocol ends its own connection, not the run.
    void take_or_drop(Round& round, const learning::UpdateLimits& limits, Aggregator& aggregator, std::uint32_t number,
                      const FrameArrived& arrived)
    {
        try {
            take(round, limits, aggregator, number, arrived);
        } catch (const ProtocolError& error) {
            hub_.drop(arrived.client, error.what());
        }
    }

    void take(Round& round, const learning::UpdateLimits& limits, Aggregator& aggregator, std::uint32_t number,
              const FrameArrived& arrived)
    {
        if (arrived.frame.type == protocol::MessageType::node_failed) {
            const auto failed = protocol::parse<wire::NodeFailed>(arrived.frame);
            if (failed.training() == index_ && failed.round() == number &&
                round.awaits(arrived.client, failed.node())) {
                spdlog::warn("node {} could not be trained: {}", failed.node(), failed.reason());
                context_.folder.append_event("node_failed", {{"training", training_.label},
                                                             {"round", number},
                                                             {"node", failed.node()},
                                                             {"reason", failed.reason()}});
                round.lost(failed.node());
                record_wasted(number, {failed.node()});
            }
            return;
        }
        const auto update = protocol::parse<wire::ClientUpdate>(arrived.frame);
        const auto node = update.node();
        const learning::UpdateMetadata claimed{update.training(), update.round(), update.samples(),
                                               update.samples_seen(), update.steps()};
        // Its connection may have ended since.
        const auto* client = hub_.find(arrived.client);
        static const protocol::NodeSet nothing;
        const auto& hosted = client ? client->host.nodes : nothing;
        if (!round.awaits(arrived.client, node)) {
            const learning::UpdateMetadata now{index_, number};
            refuse(number, node,
                   learning::unawaited_refusal(now, claimed, {hosted.contains(node), round.answered(node)}));
            return;
        }
        // Of a round before this one: late, or, from the last to deliver in it, once more. The node still owes this
        // one's.
        if (std::pair{claimed.training, claimed.round} < std::pair{index_, number}) {
            if (claimed.training == index_ && claimed.round != 0 && claimed.round == answered_[node])
                refuse(number, node,
                       {learning::RefusalReason::repeated,
                        fmt::format("the node has answered in round {} already", claimed.round)});
            else
                refuse(number, node,
                       learning::refusal(asked(number, node), claimed, arrived.frame.payload, limits).value());
            return;
        }
        recorder_.add(number, node, arrived.client, host_report(update, hosted));
        host_due_ = std::min(host_due_, net::Clock::now() + longest_unwritten);
        answered_[node] = number;
        auto refused = learning::refusal(asked(number, node), claimed, arrived.frame.payload, limits);
        if (!refused && !std::isfinite(update.mean_loss()))
            refused = {learning::RefusalReason::not_finite, fmt::format("its mean loss is {}", update.mean_loss())};
        if (refused) {
            refuse(number, node, *refused);
            round.lost(node);
            flush_host_costs();  // before the ledger: lost_work.hpp pairs the lines of both
            record_wasted(number, {node}, true);
            return;
        }
        aggregator.add(arrived.frame.payload, update.samples());
        round.delivered(node);
        train_loss_[node] = update.mean_loss();
    }

    /// The update doesn't enter the model; whether the node is lost with it is the caller's to say.
    void refuse(std::uint32_t number, std::uint32_t node, const learning::Refusal& refusal)
    {
        spdlog::warn("{}, round {}: the update of node {} is refused: {}", training_.label, number, node, refusal.text);
        context_.folder.append_event("update_refused", {{"training", training_.label},
                                                        {"round", number},
                                                        {"node", node},
                                                        {"reason", name(refusal.reason)},
                                                        {"text", refusal.text}});
        recorder_.refused(refusal.reason);
    }

    [[nodiscard]] learning::UpdateMetadata asked(std::uint32_t number, std::uint32_t node) const
    {
        const auto samples = shares_.size(node);
        const auto [samples_seen, steps] = local_epochs(rule_, samples);
        return {index_, number, samples, samples_seen, steps};
    }

    void record(std::uint32_t number, const Round& round, const energy::Work& aggregation,
                const std::optional<learning::Evaluation>& evaluation)
    {
        const auto& model = context_.model_runtime.model();
        const auto delivered = round.delivered_nodes();
        std::vector<energy::NodeRound> nodes;
        std::uint64_t samples = 0;
        double loss_sum = 0;
        for (const auto node : delivered) {
            const auto work = asked(number, node);
            nodes.push_back({node, learning::training_work(model, rule_.optimizer, work.samples_seen, work.steps),
                             model.parameters.bytes(), model.parameters.bytes()});
            samples += work.samples;
            loss_sum += train_loss_[node] * static_cast<double>(work.samples);
        }
        const auto& edge = context_.accounting.edge_device;
        const auto& server = context_.accounting.datacenter_devices.front();
        const auto priced = energy::price(nodes, edge, context_.accounting.link);
        auto lines = run::round_lines(training_.label, number, nodes, priced, edge);
        lines.push_back(
            run::phase_line(training_.label, {std::nullopt, number, energy::Phase::aggregate, aggregation}, server));
        if (evaluation)
            lines.push_back(run::phase_line(training_.label,
                                            {std::nullopt, number, energy::Phase::evaluate, evaluation->work}, server));
        recorder_.add_round(number, evaluation, static_cast<std::uint32_t>(delivered.size()), lines,
                            energy::round_energy(nodes, priced), loss_sum / static_cast<double>(samples));
    }

    RunContext context_;
    std::uint32_t index_;
    const spec::Training& training_;
    const spec::Federated& rule_;
    ClientHub& hub_;
    asio::thread_pool& worker_;
    const std::optional<run::TrainingPoint> from_;  // where the training goes on
    TrainingRecorder recorder_;
    const datasets::NodeShares shares_;
    std::shared_ptr<const std::vector<float>> global_;  // shared with the frames that carry it
    std::vector<std::uint32_t> waiting_for_;            // as last said
    std::vector<std::uint32_t> answered_;               // by node, the last round in which it sent an update; 0: none
    std::vector<double> train_loss_;                    // by node, of its last update
    bool clients_changed_ = false;                      // since that was last put down
    net::Clock::time_point host_due_ = net::Clock::time_point::max();  // when host.jsonl is to be written
    LossesToCome losses_to_come_;
};

}  // namespace

asio::awaitable<TrainingResult> run_federated(RunContext context, std::uint32_t training_index, ClientHub& hub,
                                              asio::thread_pool& worker)
{
    FederatedRun run{context, training_index, hub, worker};
    co_return co_await run.run();
}

}  // namespace fedgram::coordinator
