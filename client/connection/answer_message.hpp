#pragma once

#include <vector>

#include "client/training/job.hpp"
#include "common/energy/meters/meter_record.hpp"
#include "common/protocol/frame.hpp"
#include "common/protocol/payload_pool.hpp"

namespace fedgram::client {

/// Tells the coordinator why a node could not be trained. `answer` has no result.
[[nodiscard]] protocol::OutgoingFrame node_failed_frame(const Answer& answer);

/// Carries a node's update. `answer` has a result, whose parameters go back to `payloads` after their last use.
/// `cpu_seconds` is what this process has spent since its last report, `meters` what it has read since the training's
/// first model.
[[nodiscard]] protocol::OutgoingFrame update_frame(Answer answer, double cpu_seconds,
                                                   const std::vector<energy::MeterRecord>& meters,
                                                   protocol::PayloadPool& payloads);

}  // namespace fedgram::client
