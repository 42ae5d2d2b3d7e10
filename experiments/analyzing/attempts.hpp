#pragma once

#include "experiments/analysis/configuration.hpp"
#include "experiments/loading/load_result.hpp"

namespace fedgram::experiments {

/// A load whose windows never agreed is measured again, in windows twice as long: a disturbance that a short window
/// holds or doesn't is in each of longer ones. So does NVIDIA's Model Analyzer, by 1 s more up to ten times. What isn't
/// stable in the last attempt is called so.
inline constexpr unsigned most_attempts = 3;

/// Whether fewer than 95 in 100 of a stated rate were answered while they came in, chance (three standard deviations of
/// as many at random) aside. Windows may agree all the same: a full queue is as long in each.
[[nodiscard]] bool falls_behind(const LoadResult& result, const analysis::Load& load);

/// Whether another attempt may end otherwise. It won't where more is asked than can be answered: requests were refused,
/// or of a stated rate fewer than 95 in 100 were answered while they came in.
[[nodiscard]] bool is_worth_repeating(const LoadResult& result, const analysis::Load& load);

}  // namespace fedgram::experiments
