#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fedgram::coordinator {

/// A client as a round sees it.
struct Host {
    std::uint64_t client = 0;
    std::string machine;      ///< the same for all clients of one machine
    std::uint32_t cores = 1;  ///< nodes of that machine that may train at once
    std::vector<std::uint32_t> nodes;
};

struct Assignment {
    std::uint64_t client = 0;
    std::uint32_t node = 0;
};

/// One round, from the cohort to the last update. Knows neither sockets nor the time of day. A node is waiting, in
/// training, orphaned (no client hosts it now), delivered or lost; the round is settled once every node is one of the
/// last two. An orphan is trained after all if a client takes it up while the round is open.
class Round {
public:
    struct Member {
        std::uint32_t node = 0;
        std::uint64_t samples = 0;
    };

    Round(std::span<const Member> cohort, double quorum);

    /// Which nodes to start now: one at a time on a client, no more on a machine than it has cores, the largest first
    /// so that none is left over at the end. Nodes that no host has become orphans; orphans that one has are started
    /// like the others.
    [[nodiscard]] std::vector<Assignment> assign(std::span<const Host> hosts);

    /// Whether this client is training this node in this round, so that its update is awaited.
    [[nodiscard]] bool awaits(std::uint64_t client, std::uint32_t node) const;
    /// The nodes that this client is training in this round.
    [[nodiscard]] std::vector<std::uint32_t> training_on(std::uint64_t client) const;
    /// Whether any of these nodes has still to deliver in this round.
    [[nodiscard]] bool owed_by(std::span<const std::uint32_t> nodes) const;
    /// Whether the node has delivered or is lost in this round.
    [[nodiscard]] bool answered(std::uint32_t node) const;
    void delivered(std::uint32_t node);
    void lost(std::uint32_t node);
    /// All that this client was training becomes orphaned, and is given back.
    std::vector<std::uint32_t> client_lost(std::uint64_t client);
    /// Waits no longer: all that has not delivered is lost. Gives back what was in training.
    std::vector<std::uint32_t> expire();

    [[nodiscard]] bool settled() const { return open_ == 0; }
    /// Some node is waiting or in training, so that there is more to come by itself.
    [[nodiscard]] bool busy() const;
    [[nodiscard]] bool quorum_held() const { return delivered_ >= needed_; }
    [[nodiscard]] std::uint32_t delivered_count() const { return delivered_; }
    [[nodiscard]] std::uint32_t quorum() const { return needed_; }
    [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(nodes_.size()); }
    /// These are ascending.
    [[nodiscard]] std::vector<std::uint32_t> delivered_nodes() const;
    [[nodiscard]] std::vector<std::uint32_t> orphaned_nodes() const;
    [[nodiscard]] std::vector<std::uint32_t> lost_nodes() const;

private:
    enum class State { waiting, training, orphaned, delivered, lost };
    struct Node {
        std::uint32_t id;
        std::uint64_t samples;
        State state = State::waiting;
        std::uint64_t client = 0;
    };

    Node* find(std::uint32_t node);
    [[nodiscard]] std::vector<std::uint32_t> in_state(State state) const;

    std::vector<Node> nodes_;  // largest first
    std::uint32_t needed_;
    std::uint32_t open_;
    std::uint32_t delivered_ = 0;
};

}  // namespace fedgram::coordinator
