#pragma once

#include <cassert>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "common/learning/training/state_bytes.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::coordinator {

/// When a round may begin, and who could take part. Time is virtual; second 0 is the training's beginning.
struct Moment {
    std::uint32_t round = 1;
    Seconds ready{};                             ///< since when the round could have begun: the end of the last one
    Seconds now{};                               ///< later than `ready` where the round has waited
    std::span<const std::uint32_t> available{};  ///< node ids, ascending
    std::uint32_t cohort_size = 1;               ///< > 0
};

/// The nodes of the round, ascending; at least one. Fewer than the cohort's size where no more can be had.
struct Cohort {
    std::vector<std::uint32_t> nodes{};
};

/// A node that is to say how well the global model does on its own data before the cohort is chosen. It downloads the
/// model and evaluates it on so many of its training samples, which is work of this round whether or not it is chosen.
struct Probe {
    std::uint32_t node = 0;
    std::uint64_t samples = 0;  ///< all that it trains on, or a batch drawn from them
};

/// Ask these nodes for their loss, then call `choose`.
struct Probes {
    std::vector<Probe> nodes{};  ///< ascending
};

/// Ask again at `until`, which lies ahead of now; without it, once other nodes are available.
struct Wait {
    std::optional<Seconds> until{};
};

/// No further round of this training can begin; why, as a clause.
struct Stop {
    std::string reason{};
};

using Decision = std::variant<Cohort, Probes, Wait, Stop>;

/// The answer to a Probe. A node that gave none has none.
struct ProbedLoss {
    std::uint32_t node = 0;
    double mean_loss = 0;  ///< NaN counts as no answer
};

/// What a node's update says, and how long its round took from the model's download to the update's arrival.
struct Delivery {
    double mean_loss = 0;  ///< of the local training, over its steps
    Seconds seconds{};     ///< virtual
};

/// What became of a node of the cohort: nothing is known of one that was lost or refused.
struct NodeOutcome {
    std::uint32_t node = 0;
    std::optional<Delivery> delivery{};
};

/// What a round came to that counts.
struct RoundOutcome {
    std::uint32_t round = 1;
    Seconds began{};                   ///< `now` of the moment at which its cohort was chosen
    std::vector<NodeOutcome> nodes{};  ///< the cohort, ascending
    GramsCO2e grams{};                 ///< of all its nodes and probes, wherever they are
};

/// Who takes part in a round. It knows no socket, clock, thread or file, and draws by keyed streams alone.
///
/// Choosing changes nothing. A policy learns from rounds that count, so one that is stopped, or falls below its quorum,
/// leaves no trace in what is written, and the same is chosen when it is begun anew.
class SelectionPolicy {
public:
    virtual ~SelectionPolicy() = default;

    /// `moment.available` is not empty.
    [[nodiscard]] virtual Decision select(const Moment& moment) const = 0;

    /// The cohort of a moment at which `select` asked for probes; their answers in any order. Empty where nobody
    /// answered.
    [[nodiscard]] virtual Cohort choose(const Moment&, std::span<const ProbedLoss>) const
    {
        assert(false && "this policy asks for no probes");
        return {};
    }

    virtual void learn(const RoundOutcome&) {}

    /// All that was learnt, for a checkpoint; `read` throws DataError for that of another number of nodes.
    virtual void write(learning::StateWriter&) const {}
    virtual void read(learning::StateReader&) {}
};

}  // namespace fedgram::coordinator
