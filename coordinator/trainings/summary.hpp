#pragma once

#include <span>

#include <nlohmann/json_fwd.hpp>

#include "common/learning/engine/engine.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::coordinator {

/// summary.json: how each training ended, on what it was computed, and what it cost this host.
[[nodiscard]] nlohmann::ordered_json summary(const spec::Experiment& experiment, const datasets::Dataset& data,
                                             std::span<const nlohmann::ordered_json> trainings,
                                             const learning::EngineInfo& engine);

}  // namespace fedgram::coordinator
