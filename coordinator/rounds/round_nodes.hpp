#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/run/run_progress.hpp"
#include "coordinator/rounds/host.hpp"

namespace fedgram::coordinator {

struct Assignment {
    ClientId client = 0;
    std::uint32_t node = 0;
    std::uint32_t share_left = 0;  ///< nodes that still wait for this client
};

/// Where the nodes of one round stand, and which of them start next. A node is orphaned (no client hosts it now),
/// waiting, in training, held (trained, and its update is in its client's sum), delivered or lost. The round is settled
/// once every node is delivered or lost. An orphan is trained after all if a client takes it up before that.
///
/// An event's cost grows with the logarithm of the cohort and of the clients.
class RoundNodes {
public:
    struct Member {
        std::uint32_t node = 0;
        std::uint64_t samples = 0;
    };

    /// `cohort` ascends by node. All are orphans, until their hosts join.
    RoundNodes(std::span<const Member> cohort, double quorum);
    RoundNodes(const RoundNodes&) = delete;
    RoundNodes& operator=(const RoundNodes&) = delete;

    /// A client is there: the orphans among its nodes wait for it from now on. May be said twice.
    void join(const Host& host);

    /// Which nodes to start now: one at a time on a client, no more on a machine than it has cores, the largest first
    /// so that none is left over at the end. Where clients take turns on a core and many nodes are left, a turn is
    /// several nodes. Where no other client of its machine waits for a core, a client gets its
    /// next nodes ahead, `most_given` in all, before it has delivered the one in training: so it never waits for the
    /// answer, and several are said at once. A client that is not `there` gets nothing, and its waiting nodes are
    /// orphans.
    [[nodiscard]] std::vector<Assignment> assign(const std::function<bool(ClientId)>& there);

    static constexpr std::size_t most_given = 16;

    /// Whether this client was given this node in this round, so that its update is awaited.
    [[nodiscard]] bool awaits(ClientId client, std::uint32_t node) const;
    /// The node that this client is training in this round, as against one that it was given ahead.
    [[nodiscard]] std::optional<std::uint32_t> training_on(ClientId client) const;
    /// Whether any of these nodes has still to deliver in this round.
    [[nodiscard]] bool owed_by(const protocol::NodeSet& nodes) const;
    /// Whether the node has delivered or is lost in this round.
    [[nodiscard]] bool answered(std::uint32_t node) const;
    /// How many samples a node of the cohort holds.
    [[nodiscard]] std::uint64_t samples(std::uint32_t node) const { return nodes_[place_of(node)].samples; }
    /// Whether the node's update is in this client's sum.
    [[nodiscard]] bool holds(ClientId client, std::uint32_t node) const;
    /// Of the nodes whose updates are in a client's sum, or in that of any, ascending. Goes through all nodes.
    [[nodiscard]] std::vector<std::uint32_t> held_by(ClientId client) const;
    [[nodiscard]] std::vector<std::uint32_t> held_nodes() const { return in_state(State::held); }
    /// Its client is done with it, and keeps its update for a sum.
    void held(std::uint32_t node);
    void delivered(std::uint32_t node);
    void lost(std::uint32_t node);
    /// All that this client has not delivered becomes orphaned, held nodes too. Gives back what was in training.
    std::optional<std::uint32_t> client_lost(ClientId client);
    /// Waits no longer: all that has not delivered is lost. Gives back what was in training.
    std::vector<std::uint32_t> expire();

    [[nodiscard]] bool settled() const { return open_ == 0; }
    /// Some node is waiting or in training, so that there is more to come by itself.
    [[nodiscard]] bool busy() const { return open_ > orphans_; }
    [[nodiscard]] bool quorum_held() const { return delivered_ >= needed_; }
    [[nodiscard]] std::uint32_t delivered_count() const { return delivered_; }
    [[nodiscard]] std::uint32_t quorum() const { return needed_; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
    /// Goes through all nodes. A node that is given ahead waits at its client; one that is held counts as delivered.
    [[nodiscard]] run::RunProgress::Nodes counts() const;
    /// These are ascending.
    [[nodiscard]] std::vector<std::uint32_t> delivered_nodes() const { return in_state(State::delivered); }
    [[nodiscard]] std::vector<std::uint32_t> orphaned_nodes() const { return in_state(State::orphaned); }
    [[nodiscard]] std::vector<std::uint32_t> lost_nodes() const { return in_state(State::lost); }

private:
    using Rank = std::uint32_t;   // 0 is the node with the most samples, which starts first
    using Place = std::uint32_t;  // in nodes_

    enum class State : std::uint8_t { orphaned, waiting, training, held, delivered, lost };
    struct Node {
        std::uint32_t id;
        std::uint64_t samples = 0;
        Rank rank = 0;
        State state = State::orphaned;
        ClientId client = 0;  // that it waits for or was given to
    };
    struct Machine {
        std::uint32_t busy = 0;  // clients that train
        std::uint32_t most_cores = 0;
        // Clients with nodes that wait, by the rank of the first: those that train nothing, and those that were given
        // half of what they may be given ahead, or less.
        std::map<Rank, ClientId> idle{};
        std::map<Rank, ClientId> ahead{};
        bool changed = false;  // since the last `assign`
    };
    struct Worker {
        Machine* machine = nullptr;
        std::uint32_t cores = 1;
        std::vector<Rank> waiting{};    // the first to start stands last
        std::vector<Place> training{};  // in the order given: the others wait at the client for the first
    };

    [[nodiscard]] Place place_of(std::uint32_t node) const;  // the first that is not below it
    [[nodiscard]] const Node* find(std::uint32_t node) const;
    [[nodiscard]] std::vector<std::uint32_t> in_state(State state) const;
    /// Makes a change to what a client waits for or trains, and keeps its machine's books.
    template <class Change>
    void update(ClientId client, Worker& worker, Change change);
    void assign_on(Machine& machine, const std::function<bool(ClientId)>& there, std::vector<Assignment>& assignments);
    Assignment start(ClientId client, Worker& worker);
    void end(std::uint32_t node, State state);
    void orphan(Place place);
    void orphan_waiting(ClientId client, Worker& worker);

    std::vector<Node> nodes_;  // ascending by id
    std::vector<Place> by_rank_;
    std::map<std::string, Machine> machines_;
    std::vector<Machine*> changed_;
    std::unordered_map<ClientId, Worker> workers_;  // by client; looked up, never gone through
    std::uint32_t needed_;
    std::uint32_t open_;
    std::uint32_t orphans_;
    std::uint32_t delivered_ = 0;
};

}  // namespace fedgram::coordinator
