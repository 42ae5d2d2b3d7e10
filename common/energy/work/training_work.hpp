#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/energy/work/node_ranges.hpp"
#include "common/energy/work/work.hpp"

namespace fedgram::energy {

/// What one node did in one round. Bytes stand beside `train`, not in it.
struct NodeRound {
    std::uint32_t node{};
    Work train;
    std::uint64_t bytes_down{};
    std::uint64_t bytes_up{};

    friend bool operator==(const NodeRound&, const NodeRound&) = default;
};

struct RoundWork {
    std::uint32_t round{};
    std::vector<NodeRound> nodes;
};

/// Whether what a node sent, or was to send, is in the model. Lost updates came too late, or their node went away.
enum class Updates { used, lost };

/// The Work of a training, each distinct piece of it once: most nodes do what others do, round after round. A piece is
/// what a node did in a round (its bytes beside what it trained, in one Work), or what the coordinator did in a phase.
struct TrainingWork {
    /// Nodes that did the same, one behind the other in the ascending order of a round's nodes.
    struct Run {
        std::uint32_t work = 0;  ///< place in `works`
        std::uint32_t count = 0;

        friend bool operator==(const Run&, const Run&) = default;
    };
    using Deal = std::vector<Run>;

    /// A federated training's, or an interval of a centralized one, which node 0 does.
    struct Round {
        std::uint32_t number = 0;
        std::uint32_t deal = 0;    ///< place in `deals`: what its nodes did
        std::uint32_t cohort = 0;  ///< place in `cohorts`: which nodes they are

        friend bool operator==(const Round&, const Round&) = default;
    };

    /// What isn't a node's share of a round: evaluation and aggregation.
    struct Own {
        std::uint32_t round = 0;
        Phase phase = Phase::evaluate;
        std::uint32_t work = 0;  ///< place in `works`

        friend bool operator==(const Own&, const Own&) = default;
    };

    std::vector<Work> works;          ///< distinct
    std::vector<Deal> deals;          ///< distinct
    std::vector<NodeRanges> cohorts;  ///< distinct; empty where which nodes they are wasn't asked for
    std::vector<Round> rounds;        ///< ascending; of nodes whose updates were used
    std::vector<Round> lost;          ///< ascending, and not of all rounds: of nodes whose updates were lost
    std::vector<Own> own;             ///< in the ledger's order

    [[nodiscard]] bool empty() const { return rounds.empty() && own.empty(); }
    /// 0 where there is none.
    [[nodiscard]] std::uint32_t last_round() const;
    /// Of all rounds, ascending; of some all updates were lost.
    [[nodiscard]] std::vector<std::uint32_t> numbers() const;
    /// Forgets what came after `round`.
    void cut_off_behind(std::uint32_t round);
    /// What the devices trained, without bytes, lost updates too. What the coordinator does isn't in it.
    [[nodiscard]] Work trained() const;
    /// What nodes did in rounds whose updates were used, bytes with it, and how often a node did so.
    struct Used {
        Work work;
        std::uint64_t node_rounds = 0;
    };
    [[nodiscard]] Used used() const;
    /// All of it.
    [[nodiscard]] Work sum() const;
    /// The nodes of each round, one by one: what went in.
    [[nodiscard]] std::vector<RoundWork> node_rounds(Updates updates = Updates::used) const;

    friend bool operator==(const TrainingWork&, const TrainingWork&) = default;
};

/// Puts a training's Work together, piece by piece.
class TrainingWorkBuilder {
public:
    /// A ledger's line: of a node's phases download, train and upload, which add up to its share of the round; or of
    /// another phase, of which idle has no work and leaves nothing. Lines may come in any order; in a ledger's own
    /// order it takes the least time.
    void add(const PhaseWork& line, Updates updates = Updates::used);

    /// All nodes of a round whose updates were used, or all of which they were lost. No line of theirs was added
    /// before.
    void add(std::uint32_t round, std::span<const NodeRound> nodes, Updates updates = Updates::used);

    /// What was added since the last call.
    [[nodiscard]] TrainingWork finish();

private:
    void reopen(std::uint32_t round, Updates updates);
    void close();
    void seal(std::uint32_t number, std::span<const NodeRound> nodes, Updates updates);
    [[nodiscard]] std::vector<TrainingWork::Round>& rounds(Updates updates)
    {
        return updates == Updates::used ? built_.rounds : built_.lost;
    }
    [[nodiscard]] std::uint32_t place_of(const Work& work);
    [[nodiscard]] std::uint32_t place_of(TrainingWork::Deal&& deal);
    [[nodiscard]] std::uint32_t place_of(NodeRanges&& cohort);

    using Places = std::unordered_multimap<std::size_t, std::uint32_t>;  // by hash

    TrainingWork built_;
    RoundWork open_;  // whose lines are coming
    Updates open_updates_ = Updates::used;
    Places works_;
    Places deals_;
    Places cohorts_;
    std::uint32_t latest_work_ = 0;
};

/// Of a whole training's lines, in any order.
[[nodiscard]] TrainingWork training_work(std::span<const PhaseWork> lines);

}  // namespace fedgram::energy
