#pragma once

#include <chrono>
#include <utility>
#include <vector>

#include "common/spec/experiment.hpp"
#include "coordinator/rounds/round_nodes.hpp"

namespace fedgram::coordinator {

/// How long a round is waited for, in host time. Knows no clock: the time comes in with each call.
///
///     quorum held, nodes in training    until round_deadline_s after the round's start
///     quorum held, only orphans left    until rejoin_wait_s after a client that owed a node was lost last, and no
///                                       longer than the deadline above
///     no quorum                         until quorum_wait_s after the later of these
///
/// While the quorum holds, orphans that had no client from the start are not waited for, unless their client was lost
/// since the last round that wanted them: a lost client holds up one round, not each.
class RoundPatience {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    RoundPatience(const spec::Federated& rule, TimePoint started);

    /// A client that owes this round a node.
    void client_lost(TimePoint now) { rejoin_until_ = now + rejoin_wait_; }
    [[nodiscard]] TimePoint round_deadline() const { return round_deadline_; }
    /// When the round, as it stands, has been waited for long enough.
    [[nodiscard]] TimePoint until(const RoundNodes& round) const;

private:
    using Duration = std::chrono::steady_clock::duration;

    TimePoint round_deadline_;
    TimePoint rejoin_until_;
    Duration rejoin_wait_;
    Duration quorum_wait_;
};

/// Clients that were lost when they owed their round nothing any more: each holds up the next round that wants a node
/// of theirs.
class LossesToCome {
public:
    void add(protocol::NodeSet nodes) { nodes_.push_back(std::move(nodes)); }
    /// At a round's start: whether it is to wait for any of them, which are then forgotten.
    [[nodiscard]] bool take(const RoundNodes& round)
    {
        return std::erase_if(nodes_, [&](const auto& nodes) { return round.owed_by(nodes); }) > 0;
    }

private:
    std::vector<protocol::NodeSet> nodes_;
};

}  // namespace fedgram::coordinator
