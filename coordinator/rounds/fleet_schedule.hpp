#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/work/training_work.hpp"
#include "common/fleet/fleet.hpp"
#include "common/fleet/node_hours.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/rounds/virtual_round.hpp"

namespace fedgram::coordinator {

/// A round as it goes in virtual time, before anything of it is trained: what a node does takes as long as its Work
/// does on its device, whatever comes of it.
struct ScheduledRound {
    energy::RoundTimes times;
    std::vector<std::uint32_t> delivered;  ///< ascending
    std::vector<energy::NodeRound> lost;   ///< ascending, with what they had done
    std::uint32_t left = 0;                ///< of the lost, those that went away
    std::uint32_t failed_attempts = 0;     ///< before this one, which too few delivered in
};

/// Decides who takes part in a training's rounds, and when these begin and end, where the fleet decides on it.
///
/// A round begins once its quorum is there, and asks as many nodes as its cohort has, drawn from those that are there.
/// Where fewer than the quorum deliver, it is begun anew with other nodes, and what was done is lost.
class FleetSchedule {
public:
    /// What is asked of a node in a round.
    using Share = std::function<energy::NodeRound(std::uint32_t node)>;
    /// The Work of so many samples in so many steps.
    using Training = std::function<energy::Work(std::uint64_t samples, std::uint64_t steps)>;

    /// `fleet` and `rule` must outlive it.
    FleetSchedule(const fleet::Fleet& fleet, const spec::Federated& rule, std::uint64_t seed, Share share,
                  Training training);

    /// The round that begins at `now` or later, virtual seconds since the training began. Nothing: its quorum will
    /// never be there, or no attempt of many had it.
    [[nodiscard]] std::optional<ScheduledRound> next(std::uint32_t round, Seconds now) const;

    static constexpr std::uint32_t most_attempts = 20;

private:
    /// The first time from `now` on at which so many nodes are there; nothing: never.
    [[nodiscard]] std::optional<double> time_with(std::uint32_t needed, double now) const;
    [[nodiscard]] std::vector<std::uint32_t> drawn(std::uint32_t round, std::uint32_t attempt, double now) const;
    [[nodiscard]] VirtualNode timed(const energy::NodeRound& share, double now) const;
    /// What of its share a node has done in so much time.
    [[nodiscard]] energy::NodeRound part(const energy::NodeRound& share, const VirtualNode& times, Seconds busy) const;

    const fleet::Fleet& fleet_;
    const spec::Federated& rule_;
    std::uint64_t seed_;
    Share share_;
    Training training_;
    energy::FleetPricing pricing_;
    fleet::NodeHours hours_;
    std::uint32_t needed_;
};

}  // namespace fedgram::coordinator
