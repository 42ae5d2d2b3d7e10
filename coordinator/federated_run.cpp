#include "coordinator/federated_run.hpp"

#include <spdlog/fmt/fmt.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/use_awaitable.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "common/energy/pricing.hpp"
#include "common/error/error.hpp"
#include "common/protocol/messages.hpp"
#include "common/spec/resolve.hpp"
#include "coordinator/cohort.hpp"
#include "coordinator/fedavg.hpp"
#include "coordinator/node_text.hpp"
#include "coordinator/refusal.hpp"
#include "datasets/federation.hpp"

namespace fedgram::coordinator {

namespace {

/// The rounds of one federated training: what they share, and how one of them is run.
class FederatedRun {
public:
    FederatedRun(RunContext context, std::uint32_t index, ClientHub& hub, asio::thread_pool& worker)
        : context_{context},
          index_{index},
          training_{context.workbench.experiment().trainings[index]},
          rule_{std::get<spec::Federated>(training_.kind)},
          hub_{hub},
          worker_{worker},
          recorder_{context, training_, rule_.max_rounds}
    {
        for (const auto& share : datasets::node_shares(context.workbench.data(), context.workbench.experiment(), rule_))
            samples_.push_back(share.size());
        global_ = std::make_shared<const std::vector<float>>(context.workbench.starting_parameters());
    }

    asio::awaitable<TrainingResult> run()
    {
        Ending ending = Ending::limit;
        for (std::uint32_t round = 1; round <= rule_.max_rounds; ++round) {
            if (!co_await run_round(round)) {
                ending = Ending::interrupted;
                break;
            }
            if (reached_) {
                ending = Ending::target;
                break;
            }
        }
        co_return recorder_.finish(ending, *global_);
    }

private:
    /// False when it was stopped before its end: the global model is then still that of the round before.
    asio::awaitable<bool> run_round(std::uint32_t number)
    {
        const auto& experiment = context_.workbench.experiment();
        const auto cohort = draw_cohort(experiment.seed, number, rule_.nodes, spec::cohort_size(rule_));
        std::vector<Round::Member> members;
        for (const auto node : cohort)
            members.push_back({node, samples_[node]});
        Round round{members, rule_.quorum};
        FedAvg sum{context_.workbench.model().parameters.size};

        wire::RoundModel announcement;
        announcement.set_training(index_);
        announcement.set_round(number);
        hub_.send_to_all(protocol::frame(protocol::MessageType::round_model, announcement, global_));

        hand_out(round, number);
        while (!round.settled()) {
            if (hub_.stop_requested())
                co_return false;
            context_.progress.transient(fmt::format("{} round {}: {} of {} nodes have delivered", training_.label,
                                                    number, round.delivered_count(), round.size()));
            auto event = co_await hub_.next();
            if (auto* arrived = std::get_if<FrameArrived>(&*event))
                take_or_drop(round, sum, number, *arrived);
            else if (const auto* gone = std::get_if<ClientLost>(&*event)) {
                round.client_lost(gone->client);
                context_.folder.append_event("client_lost", {{"nodes", gone->nodes}, {"reason", gone->reason}});
            }
            hand_out(round, number);
        }
        if (!round.quorum_held())
            throw SystemError{fmt::format("{}: round {} has the updates of {} nodes, its quorum is {} of {}; lost: {}",
                                          training_.label, number, round.delivered_count(), round.quorum(),
                                          round.size(), node_text(round.lost_nodes()))};

        global_ = std::make_shared<const std::vector<float>>(sum.mean());
        const auto evaluate = [this]() -> asio::awaitable<learning::Evaluation> {
            co_return context_.workbench.evaluate(*global_);
        };
        const auto evaluation = co_await asio::co_spawn(worker_, evaluate, asio::use_awaitable);
        record(number, round, evaluation);
        co_return true;
    }

    void hand_out(Round& round, std::uint32_t number)
    {
        for (const auto& [client, node] : round.assign(hub_.hosts())) {
            wire::TrainNode task;
            task.set_training(index_);
            task.set_round(number);
            task.set_node(node);
            hub_.send(client, protocol::frame(protocol::MessageType::train_node, task));
        }
    }

    /// A client that breaks the protocol ends its own connection, not the run.
    void take_or_drop(Round& round, FedAvg& sum, std::uint32_t number, const FrameArrived& arrived)
    {
        try {
            take(round, sum, number, arrived);
        } catch (const ProtocolError& error) {
            hub_.drop(arrived.client, error.what());
        }
    }

    void take(Round& round, FedAvg& sum, std::uint32_t number, const FrameArrived& arrived)
    {
        if (arrived.frame.type == protocol::MessageType::node_failed) {
            const auto failed = protocol::parse<wire::NodeFailed>(arrived.frame);
            if (failed.training() == index_ && failed.round() == number && round.awaits(arrived.client, failed.node()))
                refuse(round, failed.node(), failed.reason());
            return;
        }
        const auto update = protocol::parse<wire::ClientUpdate>(arrived.frame);
        if (!round.awaits(arrived.client, update.node())) {
            spdlog::warn("an update of node {} that nobody asked for is ignored", update.node());
            return;
        }
        recorder_.add(number, update.node(),
                      host_report(update, "client of nodes " + node_text(hub_.nodes_of(arrived.client))));
        const Claim claimed{update.training(), update.round(), update.samples(), update.samples_seen(), update.steps()};
        if (const auto why = refusal(asked(number, update.node()), claimed, arrived.frame.payload,
                                     context_.workbench.model().parameters.size)) {
            refuse(round, update.node(), *why);
            return;
        }
        sum.add(arrived.frame.payload, update.samples());
        round.delivered(update.node());
        train_loss_[update.node()] = update.mean_loss();
    }

    void refuse(Round& round, std::uint32_t node, const std::string& reason)
    {
        spdlog::warn("the update of node {} is refused: {}", node, reason);
        context_.folder.append_event("update_refused", {{"training", training_.label}, {"node", node}, {"reason", reason}});
        round.lost(node);
    }

    [[nodiscard]] Claim asked(std::uint32_t number, std::uint32_t node) const
    {
        const auto samples = samples_[node];
        const auto steps = (samples + rule_.batch_size - 1) / rule_.batch_size;
        return {index_, number, samples, samples * rule_.local_epochs, steps * rule_.local_epochs};
    }

    void record(std::uint32_t number, const Round& round, const learning::Evaluation& evaluation)
    {
        const auto& model = context_.workbench.model();
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
        auto priced = energy::price_round(training_.label, number, nodes, context_.accounting.edge_device,
                                          context_.accounting.link);
        const auto& server = context_.accounting.datacenter_devices.front();
        priced.lines.push_back(energy::price_phase(training_.label, std::nullopt, number, energy::Phase::aggregate,
                                                   aggregation_work(delivered.size()), server));
        priced.lines.push_back(energy::price_phase(training_.label, std::nullopt, number, energy::Phase::evaluate,
                                                   evaluation.work, server));
        reached_ = recorder_.evaluated(number, evaluation, static_cast<std::uint32_t>(delivered.size()),
                                       std::move(priced.lines), priced.seconds,
                                       loss_sum / static_cast<double>(samples));
    }

    /// Per parameter and update: one multiplication and one addition; the update's four bytes are read, the
    /// accumulator's sixteen are read and written.
    [[nodiscard]] energy::Work aggregation_work(std::size_t updates) const
    {
        const auto terms = static_cast<std::uint64_t>(updates) * context_.workbench.model().parameters.size;
        energy::Work work;
        work.steps = updates;
        work.flops = 2 * terms;
        work.memory_bytes = 36 * terms;
        return work;
    }

    RunContext context_;
    std::uint32_t index_;
    const spec::Training& training_;
    const spec::Federated& rule_;
    ClientHub& hub_;
    asio::thread_pool& worker_;
    TrainingRecorder recorder_;
    std::vector<std::uint64_t> samples_;  // by node
    std::shared_ptr<const std::vector<float>> global_;  // shared with the frames that carry it
    std::map<std::uint32_t, double> train_loss_;  // of each node's last update
    bool reached_ = false;
};

}  // namespace

asio::awaitable<TrainingResult> run_federated(RunContext context, std::uint32_t training_index, ClientHub& hub,
                                              asio::thread_pool& worker)
{
    FederatedRun run{context, training_index, hub, worker};
    co_return co_await run.run();
}

}  // namespace fedgram::coordinator
