#pragma once

#include <nlohmann/json_fwd.hpp>

#include "common/spec/optimizer.hpp"
#include "common/spec/rate_schedule.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::spec {

/// The optimizer's keys, which stand beside the others of a training.
void read_optimizer(StrictObject& section, Optimizer& optimizer);
void write_optimizer(const Optimizer& optimizer, nlohmann::ordered_json& json);

/// Reads the key, which must be there: a schedule's kind alone, or an object. One without a kind builds on what
/// `schedule` is already, unless that was `refused`: then nothing is said of it. Throws SpecError with a line for each
/// mistake, and leaves `schedule` as it is then.
void read_rate_schedule(StrictObject& parent, const char* key, RateSchedule& schedule, bool refused);
[[nodiscard]] nlohmann::ordered_json to_json(const RateSchedule& schedule);

}  // namespace fedgram::spec
