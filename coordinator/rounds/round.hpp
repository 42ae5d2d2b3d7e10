#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/protocol/node_set.hpp"

namespace fedgram::coordinator {

/// A client as a round sees it.
struct Host {
    std::uint64_t client = 0;
    std::string machine;      ///< the same for all clients of one machine
    std::uint32_t cores = 1;  ///< nodes of that machine that may train at once
    protocol::NodeSet nodes;
};

struct Assignment {
    std::uint64_t client = 0;
    std::uint32_t node = 0;
};

/// One round, from the cohort to the last update. Knows neither sockets nor the time of day. A node is orphaned (no
/// client hosts it now), waiting, in training, delivered or lost; the round is settled once every node is one of the
/// last two. An orphan is trained after all if a client takes it up while the round is open.
///
/// What an event costs does not grow with the cohort, nor with the clients, but by their logarithm.
class Round {
public:
    struct Member {
        std::uint32_t node = 0;
        std::uint64_t samples = 0;
    };

    /// `cohort` ascends by node. All are orphans, until their hosts join.
    Round(std::span<const Member> cohort, double quorum);
    Round(const Round&) = delete;
    Round& operator=(const Round&) = delete;

    /// A client is there: the orphans among its nodes wait for it from now on. May be said twice.
    void join(const Host& host);

    /// Which nodes to start now: one at a time on a client, no more on a machine than it has cores, the largest first
    /// so that none is left over at the end. Where no other client of its machine waits for a core, a client gets its
    /// next nodes ahead, `most_given` in all, before it has delivered the one in training: so it never waits for the
    /// answer, and several are said at once. A client that is not `there` gets nothing, and its waiting nodes are
    /// orphans.
    [[nodiscard]] std::vector<Assignment> assign(const std::function<bool(std::uint64_t)>& there);

    static constexpr std::size_t most_given = 16;

    /// Whether this client was given this node in this round, so that its update is awaited.
    [[nodiscard]] bool awaits(std::uint64_t client, std::uint32_t node) const;
    /// The node that this client is training in this round, as against one that it was given ahead.
    [[nodiscard]] std::optional<std::uint32_t> training_on(std::uint64_t client) const;
    /// Whether any of these nodes has still to deliver in this round.
    [[nodiscard]] bool owed_by(const protocol::NodeSet& nodes) const;
    /// Whether the node has delivered or is lost in this round.
    [[nodiscard]] bool answered(std::uint32_t node) const;
    void delivered(std::uint32_t node);
    void lost(std::uint32_t node);
    /// All that this client has not delivered becomes orphaned. Gives back what was in training.
    std::optional<std::uint32_t> client_lost(std::uint64_t client);
    /// Waits no longer: all that has not delivered is lost. Gives back what was in training.
    std::vector<std::uint32_t> expire();

    [[nodiscard]] bool settled() const { return open_ == 0; }
    /// Some node is waiting or in training, so that there is more to come by itself.
    [[nodiscard]] bool busy() const { return open_ > orphans_; }
    [[nodiscard]] bool quorum_held() const { return delivered_ >= needed_; }
    [[nodiscard]] std::uint32_t delivered_count() const { return delivered_; }
    [[nodiscard]] std::uint32_t quorum() const { return needed_; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
    /// These are ascending.
    [[nodiscard]] std::vector<std::uint32_t> delivered_nodes() const { return in_state(State::delivered); }
    [[nodiscard]] std::vector<std::uint32_t> orphaned_nodes() const { return in_state(State::orphaned); }
    [[nodiscard]] std::vector<std::uint32_t> lost_nodes() const { return in_state(State::lost); }

private:
    using Rank = std::uint32_t;   // 0 is the node with the most samples, which starts first
    using Place = std::uint32_t;  // in nodes_

    enum class State : std::uint8_t { orphaned, waiting, training, delivered, lost };
    struct Node {
        std::uint32_t id;
        Rank rank = 0;
        State state = State::orphaned;
        std::uint64_t client = 0;  // that it waits for or was given to
    };
    struct Machine {
        std::uint32_t busy = 0;  // clients that train
        std::uint32_t most_cores = 0;
        // Clients with nodes that wait, by the rank of the first: those that train nothing, and those that were given
        // half of what they may be given ahead, or less.
        std::map<Rank, std::uint64_t> idle{};
        std::map<Rank, std::uint64_t> ahead{};
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
    void update(std::uint64_t client, Worker& worker, Change change);
    void assign_on(Machine& machine, const std::function<bool(std::uint64_t)>& there,
                   std::vector<Assignment>& assignments);
    Assignment start(std::uint64_t client, Worker& worker);
    void end(std::uint32_t node, State state);
    void orphan(Place place);
    void orphan_waiting(std::uint64_t client, Worker& worker);

    std::vector<Node> nodes_;  // ascending by id
    std::vector<Place> by_rank_;
    std::map<std::string, Machine> machines_;
    std::vector<Machine*> changed_;
    std::unordered_map<std::uint64_t, Worker> workers_;  // by client; looked up, never gone through
    std::uint32_t needed_;
    std::uint32_t open_;
    std::uint32_t orphans_;
    std::uint32_t delivered_ = 0;
};

}  // namespace fedgram::coordinator
