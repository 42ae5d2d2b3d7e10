#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <variant>
#include <vector>

#include "coordinator/rounds/buffered_schedule.hpp"
#include "coordinator/rounds/partial_share.hpp"
#include "coordinator/strategies/strategy.hpp"
#include "coordinator/trainings/held_updates.hpp"

namespace fedgram::coordinator {

/// Asynchronous training, flush by flush. A task begins from a model that is known by then and its end follows from its
/// Work, so all that begin between two flushes are computed at once, as a round of this machine's, and their updates
/// are held until they arrive in virtual time. At most the updates of `concurrency` tasks and of one buffer are held,
/// and the models that they began from.
class BufferedTraining {
public:
    /// Of a node: what is asked of it, the Work of a part of its training, its samples.
    struct Costs {
        FleetSchedule::Share share;
        PartialTraining training;
        std::function<std::uint64_t(std::uint32_t node)> samples;
    };

    /// `fleet`, `pricing` and `rule` must outlive it.
    BufferedTraining(const fleet::Fleet& fleet, const energy::FleetPricing& pricing, const spec::Federated& rule,
                     std::uint64_t seed, Costs costs);

    /// The nodes that begin from `present` before the next flush, ascending.
    [[nodiscard]] std::variant<std::vector<std::uint32_t>, NoRound> next(HeldUpdates::Model present);
    /// What came of one of these.
    void hold(std::uint32_t node, HeldUpdates::Update update);

    /// Gives `take` the buffer's updates, moved to `present`, the model of `next`. Returns how many there are: fewer
    /// than the buffer has where some were lost on this machine.
    std::uint32_t give(const std::function<void(const AcceptedUpdate&)>& take, std::span<const float> present) const;
    /// Of these, weighted by samples.
    [[nodiscard]] double train_loss() const;
    /// What the nodes of the buffer have done, and those whose updates were lost; behind the last flush also those that
    /// are given up. Ascending.
    [[nodiscard]] std::vector<energy::NodeRound> taken() const;
    [[nodiscard]] std::vector<energy::NodeRound> lost(bool is_last) const;
    /// That are in the model, several of one node perhaps.
    [[nodiscard]] std::uint32_t taken_updates() const;
    [[nodiscard]] std::uint32_t lost_updates() const { return static_cast<std::uint32_t>(flush_.lost.size()); }
    [[nodiscard]] energy::RoundTimes times() const;
    /// Once the flush is recorded.
    void forget();

    /// All that is held, for a checkpoint behind so many flushes.
    void write(learning::StateWriter& state) const { held_.write(state); }
    void read(learning::StateReader& state, std::uint32_t flushes);

private:
    [[nodiscard]] energy::NodeRound until(const BufferedTask& task, Seconds end) const;

    const fleet::Fleet& fleet_;
    const energy::FleetPricing& pricing_;
    const spec::Federated& rule_;
    Costs costs_;
    BufferedSchedule schedule_;
    HeldUpdates held_;
    Flush flush_;
};

}  // namespace fedgram::coordinator
