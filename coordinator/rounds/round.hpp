#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

#include "common/learning/updates/update_check.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/rounds/round_actions.hpp"
#include "coordinator/rounds/round_events.hpp"
#include "coordinator/rounds/round_nodes.hpp"
#include "coordinator/rounds/round_patience.hpp"

namespace fedgram::coordinator {

/// What the rounds of one training hand on to the next.
struct RoundHistory {
    explicit RoundHistory(std::uint32_t nodes) : answered(nodes) {}

    std::vector<std::uint32_t> answered;  ///< by node, the last round in which it sent an update; 0: none
    std::vector<std::uint32_t> waiting;   ///< the nodes of the last `ReportWaiting`
    LossesToCome losses_to_come;
};

/// Which round of which training this is, and who takes part.
struct RoundPlan {
    std::uint32_t training = 0;  ///< counted from 0
    std::uint32_t number = 1;
    std::vector<RoundNodes::Member> cohort;  ///< ascends by node
    /// Nodes that do no more than so many steps, as their round ends before they are through.
    std::unordered_map<std::uint32_t, std::uint64_t> most_steps{};
};

enum class RoundState {
    open,       ///< more is to come
    complete,   ///< the quorum has delivered: the aggregate is the next global model
    no_quorum,  ///< too few have delivered
    stopped,    ///< the user asked for it
};

/// One round of a federated training, from handing out its nodes to its end. Events and the time go in, actions come
/// out. It knows no socket, clock, thread or file.
///
///     open ── every node has delivered or is lost, or the deadline has passed ──▶ complete, or no_quorum
///          └─ StopRequested ────────────────────────────────────────────────────▶ stopped
///
/// Every sequence of events ends the round, if `tick` is called at its deadline.
class Round {
public:
    using TimePoint = RoundPatience::TimePoint;
    using Actions = std::vector<RoundAction>;

    /// `rule`, `history` and what `limits` borrows must outlive it. `is_connected` tells whether a client may be sent
    /// something now: its loss may be known before its `ClientLost` has come.
    Round(RoundPlan plan, const spec::Federated& rule, const learning::UpdateLimits& limits, RoundHistory& history,
          std::function<bool(ClientId)> is_connected, TimePoint now);

    /// First of all, with the clients that are there.
    [[nodiscard]] Actions start(std::span<const Host* const> hosts, TimePoint now);

    /// An event that comes after the deadline still counts, but no more of them than the round has nodes: so one update
    /// from each, however late this process looks at it. After that, and after the end, events are ignored.
    [[nodiscard]] Actions on(const ClientJoined& event, TimePoint now);
    [[nodiscard]] Actions on(const UpdateArrived& event, TimePoint now);
    [[nodiscard]] Actions on(const NodeHeld& event, TimePoint now);
    [[nodiscard]] Actions on(const SumArrived& event, TimePoint now);
    [[nodiscard]] Actions on(const TrainingFailed& event, TimePoint now);
    [[nodiscard]] Actions on(const MessageBroken& event, TimePoint now);
    [[nodiscard]] Actions on(const ClientLost& event, TimePoint now);
    [[nodiscard]] Actions on(const StopRequested& event);
    /// Nothing has happened until now.
    [[nodiscard]] Actions tick(TimePoint now);

    /// When the round ends without the nodes that are in training or held, once it has its quorum.
    [[nodiscard]] TimePoint end() const { return patience_.round_deadline(); }
    /// When the next `tick` is due, as the round stands.
    [[nodiscard]] TimePoint deadline() const { return patience_.until(nodes_); }
    [[nodiscard]] RoundState state() const { return state_; }
    [[nodiscard]] const RoundNodes& nodes() const { return nodes_; }
    [[nodiscard]] std::uint32_t training() const { return training_; }
    [[nodiscard]] std::uint32_t number() const { return number_; }
    /// That a node does; 0: all of its local epochs.
    [[nodiscard]] std::uint64_t most_steps(std::uint32_t node) const;
    /// What is asked of a node of the cohort.
    [[nodiscard]] learning::UpdateMetadata asked(std::uint32_t node) const;

private:
    /// Whether an event after the deadline is one of those that the round still looks at, or beside them.
    enum class Lateness { counts, passes };

    template <class Handle>
    Actions step(TimePoint now, Handle handle, Lateness lateness = Lateness::counts);
    void take(const UpdateArrived& update, Actions& actions);
    void take(const NodeHeld& held, Actions& actions);
    void take(const SumArrived& sum, Actions& actions);
    /// Why a sum of this round can't enter, or nothing.
    [[nodiscard]] std::optional<learning::Refusal> refusal(const SumArrived& sum) const;
    /// An awaited update does not enter, and its node is lost with it.
    void refuse_for_good(std::uint32_t node, learning::Refusal refusal, Actions& actions);
    void lose(const ClientLost& loss, TimePoint now, Actions& actions);
    void drop(ClientId client, const std::string& reason, Actions& actions);
    void hand_out(Actions& actions);
    void expire(Actions& actions);
    static void waste(std::vector<std::uint32_t> nodes, bool uploaded, Actions& actions);
    void conclude(Actions& actions);

    std::uint32_t training_;
    std::uint32_t number_;
    const spec::Federated& rule_;
    const learning::UpdateLimits& limits_;
    RoundHistory& history_;
    std::function<bool(ClientId)> is_connected_;
    RoundNodes nodes_;
    RoundPatience patience_;
    const std::unordered_map<std::uint32_t, std::uint64_t> most_steps_;
    std::set<ClientId> have_model_;
    ClientId dropped_ = 0;       // by the event at hand
    std::uint32_t overdue_ = 0;  // events that came after the deadline
    RoundState state_ = RoundState::open;
};

}  // namespace fedgram::coordinator
