#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/work/training_work.hpp"
#include "common/fleet/fleet.hpp"
#include "common/fleet/node_hours.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/rounds/fleet_schedule.hpp"

namespace fedgram::coordinator {

/// A node's local training in buffered training: from which version of the model, and when.
struct BufferedTask {
    std::uint32_t node = 0;
    std::uint32_t version = 0;  ///< flushes before it began: its start is the model that came of them
    Seconds begin;
    Seconds end;          ///< when its update arrives, or its node goes away
    bool leaves = false;  ///< the node goes away before it is done

    friend bool operator==(const BufferedTask&, const BufferedTask&) = default;
};

/// What happens from one flush of the buffer to the next.
struct Flush {
    std::uint32_t number = 1;
    Seconds began;                      ///< the flush before
    Seconds lasted;                     ///< until this one
    std::vector<BufferedTask> started;  ///< in the order of their begin: from the model of version `number` - 1
    std::vector<BufferedTask> taken;    ///< in the order of arrival: their updates are the buffer
    std::vector<BufferedTask> lost;     ///< their nodes left, or they were staler than they may be
};

/// The discrete events of asynchronous training with a buffer (FedBuff, Nguyen et al. 2022, arXiv:2106.06639), in
/// virtual time. `concurrency` nodes train at once. Who is done makes room for another, drawn uniformly from those that
/// are there, aren't training and haven't begun from the present version; it starts from the model as it is then. The
/// `buffer`-th update flushes the buffer, and makes the next version. What ends at the same instant, in the order of
/// node numbers, comes before what begins then.
///
/// How long a task takes follows from its Work, so all of this is known before anything is trained.
class BufferedSchedule {
public:
    /// `fleet` and `rule` must outlive it.
    BufferedSchedule(const fleet::Fleet& fleet, const spec::Federated& rule, std::uint64_t seed,
                     FleetSchedule::Share share);

    /// One flush after the other. Where there is no further one it says why, as a clause; then `flush` has what was
    /// begun and lost since the one before.
    [[nodiscard]] std::optional<std::string> next(Flush& flush);

    /// What is being trained at the latest flush: behind the last one it is given up.
    [[nodiscard]] const std::vector<BufferedTask>& running() const { return running_; }

private:
    void start_more(Flush& flush);
    /// What has ended by now, as far as the buffer has room; whether it is full.
    [[nodiscard]] bool take_ended(Flush& flush);
    [[nodiscard]] std::optional<std::uint32_t> next_node();
    [[nodiscard]] BufferedTask task_of(std::uint32_t node) const;
    void draw_order();
    /// Whether the update fills the buffer.
    [[nodiscard]] bool arrives(const BufferedTask& task, Flush& flush);
    [[nodiscard]] std::optional<double> next_arrival() const;

    const spec::Federated& rule_;
    std::uint64_t seed_;
    FleetSchedule::Share share_;
    const fleet::Fleet& fleet_;
    energy::FleetPricing pricing_;
    fleet::NodeHours hours_;
    double now_ = 0;
    std::uint32_t version_ = 0;
    std::vector<BufferedTask> running_;  // by end, then by node
    std::vector<bool> is_running_;       // by node
    std::vector<bool> has_begun_;        // by node: from this version
    std::vector<std::uint32_t> order_;   // in which nodes of this version are asked
    std::size_t next_in_order_ = 0;
    std::vector<std::uint32_t> passed_over_;  // of the order, since they trained or were away
};

}  // namespace fedgram::coordinator
