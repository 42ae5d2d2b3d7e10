#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/emissions/energy_ratio.hpp"

namespace fedgram::experiments {

/// Where a ratio is 1.
struct Crossing {
    std::optional<double> at{};  ///< nothing where it isn't in the range that was looked at
    bool always = false;         ///< it is below 1 in all of the range
};

/// At which value of something one training begins to emit less than another.
struct BreakEven {
    Crossing likely;  ///< by the likely values of the figures
    Crossing best;    ///< by those within their bands that are best for the first training
    Crossing worst;
    bool greener_above = true;  ///< the first one emits less above the value, or else below
    double low = 0;             ///< the range
    double high = 0;
};

/// The ratio of the first training's grams to the second's at a value; it rises or falls all along the range.
using RatioAt = std::function<carbon::EnergyRatio(double)>;

/// By bisection of the value's logarithm, to nine digits. `low` is above 0 and below `high`.
[[nodiscard]] BreakEven break_even(const RatioAt& ratio_at, double low, double high);

/// One of the same in a table of values that were tried, by straight lines between neighbours: `ratio_at` is asked for
/// those alone, which rise. Where it crosses 1 several times, the first crossing counts.
[[nodiscard]] BreakEven break_even_between(const RatioAt& ratio_at, const std::vector<double>& values);

/// What one training does: "emits less above a PUE of 7.41 (by the values within their bands that are best for it:
/// above 2.10; that are worst: never)", "never emits less, at a PUE of 1 to 10 ...". `what` is "emits less ...", `name`
/// is of the value, "a PUE of", and `unit` stands behind it.
[[nodiscard]] std::string words_of(const BreakEven& result, const std::string& what, const std::string& name,
                                   const std::string& unit);

}  // namespace fedgram::experiments
