#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "common/report/lifecycle/life.hpp"

namespace fedgram::report {

/// Two lives, one of which emits less from some number of predictions on, or always:
///
///     (before use A - before use B) / (per prediction B - per prediction A)
///
/// Its band takes what both rest on at the same values: what led to the model where it is the same one, the figures of
/// the device where both answer on the same one. All else goes to its ends by itself.
struct LifeBreakEven {
    std::size_t greener = 0;  ///< indices into the lives: the one that emits less at last
    std::size_t other = 0;
    std::optional<double> predictions{};  ///< from which on; nothing: at any number
    double least = 0;                     ///< the ends of its band; 0: at any number
    std::optional<double> most{};         ///< nothing: within the bands there may be no such number
    /// The two differ in more than one of model and place.
    bool is_crosswise = false;

    [[nodiscard]] std::optional<double> days(const LifePlan& plan) const
    {
        return predictions ? std::optional{*predictions / plan.predictions_per_day} : std::nullopt;
    }
    /// Of one that emits less at any number: it does so within the bands, too.
    [[nodiscard]] bool is_told_apart() const { return most && *most == 0; }
};

/// Of each pair of possible lives, but for those that are equal and those of which one is a lower bound alone.
[[nodiscard]] std::vector<LifeBreakEven> break_evens(std::span<const Life> lives, const LifePlan& plan,
                                                     GramsPerKilowattHour grid);

}  // namespace fedgram::report
