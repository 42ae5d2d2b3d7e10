#pragma once

#include <span>
#include <vector>

#include "client/training/job.hpp"
#include "common/energy/meters/meter_record.hpp"
#include "common/protocol/frame.hpp"
#include "common/protocol/payload_pool.hpp"

namespace fedgram::client {

/// Tells the coordinator of nodes whose updates are in this process's sum. `answers` are at least one, all held, of one
/// round, and may_share_a_message of each other; `cpu_seconds` as of `update_frame`.
[[nodiscard]] protocol::OutgoingFrame nodes_held_frame(std::span<const Answer> answers, double cpu_seconds);
/// Whether both are held, and their estimates differ in their joules alone.
[[nodiscard]] bool may_share_a_message(const Answer& a, const Answer& b);

/// Carries a sum, whose words go back to `sums` after their last use; `meters` as of `update_frame`.
[[nodiscard]] protocol::OutgoingFrame sum_frame(SummedUpdates updates, const std::vector<energy::MeterRecord>& meters,
                                                protocol::PayloadPool& sums);

/// Tells the coordinator why a node could not be trained. `answer` has no result.
[[nodiscard]] protocol::OutgoingFrame node_failed_frame(const Answer& answer);

/// Carries a node's update. `answer` has a result, whose parameters go back to `payloads` after their last use.
/// `cpu_seconds` is what this process has spent since its last report, `meters` what it has read since the training's
/// first model.
[[nodiscard]] protocol::OutgoingFrame update_frame(Answer answer, double cpu_seconds,
                                                   const std::vector<energy::MeterRecord>& meters,
                                                   protocol::PayloadPool& payloads);

}  // namespace fedgram::client
