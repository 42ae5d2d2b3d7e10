#pragma once

#include "common/energy/pricing/inference_energy.hpp"
#include "common/learning/levers/reduction_result.hpp"

namespace fedgram::report {

/// One request to a model of these figures.
[[nodiscard]] energy::InferenceDemand demand_of(const learning::ModelFigures& figures);

}  // namespace fedgram::report
