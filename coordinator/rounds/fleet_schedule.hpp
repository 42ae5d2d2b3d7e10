#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/work/training_work.hpp"
#include "common/fleet/fleet.hpp"
#include "common/fleet/node_hours.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/rounds/partial_share.hpp"
#include "coordinator/rounds/virtual_round.hpp"
#include "coordinator/selection/selector.hpp"

namespace fedgram::coordinator {

/// A round as it goes in virtual time, before anything of it is trained: what a node does takes as long as its Work
/// does on its device, whatever comes of it.
struct ScheduledRound {
    Seconds began;  ///< since the training did
    energy::RoundTimes times;
    /// Ascending, with what they do. Nobody where fewer than the quorum have delivered: then no update is used.
    std::vector<energy::NodeRound> delivered;
    std::vector<Seconds> busy;  ///< of these
    /// Of these, those that do no more than so many steps.
    std::unordered_map<std::uint32_t, std::uint64_t> most_steps;
    /// Ascending, with what they had done: nodes that were late or left, and candidates that were not chosen.
    std::vector<energy::NodeRound> lost;
    std::uint32_t lost_updates = 0;     ///< of the cohort's
    std::vector<std::uint32_t> cohort;  ///< ascending: delivered and lost, without candidates
};

/// Why no further round can begin, as a clause.
struct NoRound {
    std::string reason;
};

/// Decides who takes part in a training's rounds, and when these begin and end, where the fleet decides on it.
///
/// A round begins once its quorum is there, or when its selector has it so, and asks as many nodes as its cohort has,
/// of those that are there. Where fewer than the quorum of its goal, or of these nodes, deliver, it comes to nothing.
class FleetSchedule {
public:
    /// What is asked of a node in a round.
    using Share = std::function<energy::NodeRound(std::uint32_t node)>;
    /// What a node does in a round that is cut short to so many steps.
    using PartialWork = std::function<energy::Work(std::uint32_t node, std::uint64_t steps)>;

    /// The losses of those that are asked for them.
    using AskLosses = std::function<std::vector<ProbedLoss>(std::uint32_t round, std::span<const Probe> probes)>;

    /// `fleet` and `rule` must outlive it.
    FleetSchedule(const fleet::Fleet& fleet, const spec::Federated& rule, std::uint64_t seed, Share share,
                  PartialTraining training);

    /// From now on a node that can't be through by the deadline does the steps that it can.
    void take_partial_work(PartialWork partial_work) { partial_work_ = std::move(partial_work); }

    /// From now on `selector` chooses who takes part. `forward` is the Work of evaluating so many samples. It is
    /// borrowed.
    void choose_by(const Selector& selector, std::function<energy::Work(std::uint64_t samples)> forward,
                   AskLosses ask_losses);

    /// The round that begins at `now` or later, virtual seconds since the training began.
    [[nodiscard]] std::variant<ScheduledRound, NoRound> next(std::uint32_t round, Seconds now) const;

private:
    /// Who is asked, and when. Candidates that were probed have the model already.
    struct Asked {
        double begin = 0;
        std::vector<std::uint32_t> nodes;       // ascending
        std::vector<energy::NodeRound> probed;  // ascending: what candidates did, chosen or not
        Seconds probing{};                      // until the slowest has answered
    };

    [[nodiscard]] std::variant<Asked, NoRound> asked(std::uint32_t round, Seconds ready) const;
    [[nodiscard]] std::variant<Asked, NoRound> selected(std::uint32_t round, Seconds ready) const;
    [[nodiscard]] std::vector<std::uint32_t> there_at(double time) const;
    /// Of candidates: what they do, and how long that takes.
    void probe(const Probes& probes, Asked& asked) const;
    /// A share of the cohort with what its node did as a candidate.
    [[nodiscard]] energy::NodeRound with_probe(energy::NodeRound share, const Asked& asked) const;
    /// With as many steps as fit before a deadline, so much later than `begin`; as it is where all do, or none.
    [[nodiscard]] energy::NodeRound fitted(energy::NodeRound share, double begin, Seconds deadline) const;
    [[nodiscard]] std::uint32_t needed_of(const Asked& asked) const;
    [[nodiscard]] ScheduledRound outcome_of(const Asked& asked) const;
    /// The first time from `now` on at which so many nodes are there; nothing: never.
    [[nodiscard]] std::optional<double> time_with(std::uint32_t needed, double now) const;
    /// When the next node comes that is away; nothing: none will.
    [[nodiscard]] std::optional<double> next_arrival(double now) const;
    [[nodiscard]] std::vector<std::uint32_t> drawn(std::uint32_t round, double now) const;
    /// `share` begins at `begin`, virtual seconds.
    [[nodiscard]] VirtualNode timed(const energy::NodeRound& share, double begin) const;

    const fleet::Fleet& fleet_;
    const spec::Federated& rule_;
    std::uint64_t seed_;
    Share share_;
    PartialTraining training_;
    energy::FleetPricing pricing_;
    fleet::NodeHours hours_;
    std::uint32_t needed_;
    const Selector* selector_ = nullptr;  // nullptr: a uniform draw
    std::function<energy::Work(std::uint64_t samples)> forward_;
    AskLosses ask_losses_;
    PartialWork partial_work_;  // empty: none
};

}  // namespace fedgram::coordinator
