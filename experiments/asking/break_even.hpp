#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/emissions/energy_ratio.hpp"

namespace fedgram::experiments {

/// At which value of something one training begins to emit less than another.
struct BreakEven {
    /// The value at which the ratio of their grams is 1; nothing where it doesn't get there in the range that was
    /// looked at.
    std::optional<double> likely{};
    /// The same where the figures have the values within their bands that are best for the first training, and worst.
    std::optional<double> at_best{};
    std::optional<double> at_worst{};
    bool greener_above = true;  ///< the first one emits less above the value, or else below
    bool always = false;        ///< with the likely values it emits less in all of the range
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

/// "above a PUE of 7.41 (2.10 to 20.3 by the bands of the figures)", "never, at a PUE of from 1 to 10": what follows
/// the words "emits less". `name` is of the value, "a PUE of", and `unit` stands behind it.
[[nodiscard]] std::string words_of(const BreakEven& result, const std::string& name, const std::string& unit);

}  // namespace fedgram::experiments
