#include "experiments/asking/break_even.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "common/text/number_text.hpp"

namespace fedgram::experiments {

namespace {

using Part = double carbon::EnergyRatio::*;

std::optional<double> crossing(const RatioAt& ratio_at, Part part, double low, double high)
{
    const bool falls = ratio_at(low).*part > 1;
    if (falls == (ratio_at(high).*part > 1)) return std::nullopt;
    while (high / low > 1 + 1e-9) {
        const auto middle = std::sqrt(low * high);
        ((ratio_at(middle).*part > 1) == falls ? low : high) = middle;
    }
    return std::sqrt(low * high);
}

std::optional<double> crossing_between(const RatioAt& ratio_at, Part part, const std::vector<double>& values)
{
    for (std::size_t i = 0; i + 1 < values.size(); ++i) {
        const auto here = ratio_at(values[i]).*part - 1;
        const auto next = ratio_at(values[i + 1]).*part - 1;
        if ((here > 0) != (next > 0)) return values[i] + (values[i + 1] - values[i]) * here / (here - next);
    }
    return std::nullopt;
}

template <class CrossingOf>
BreakEven found(const RatioAt& ratio_at, double low, double high, CrossingOf crossing_of)
{
    const auto at_low = ratio_at(low);
    const auto of = [&](Part part) {
        const auto at = crossing_of(part);
        return Crossing{at, !at && at_low.*part < 1};
    };
    return {.likely = of(&carbon::EnergyRatio::likely),
            .best = of(&carbon::EnergyRatio::low),
            .worst = of(&carbon::EnergyRatio::high),
            .greener_above = at_low.likely > ratio_at(high).likely,
            .low = low,
            .high = high};
}

}  // namespace

BreakEven break_even(const RatioAt& ratio_at, double low, double high)
{
    return found(ratio_at, low, high, [&](Part part) { return crossing(ratio_at, part, low, high); });
}

BreakEven break_even_between(const RatioAt& ratio_at, const std::vector<double>& values)
{
    return found(ratio_at, values.front(), values.back(),
                 [&](Part part) { return crossing_between(ratio_at, part, values); });
}

std::string words_of(const BreakEven& result, const std::string& what, const std::string& name, const std::string& unit)
{
    const std::string side = result.greener_above ? "above " : "below ";
    const auto end = [&](const Crossing& crossing) {
        return crossing.at ? side + text::significant(*crossing.at) + unit : crossing.always ? "always" : "never";
    };
    const auto likely = result.likely.at
                            ? what + " " + side + name + " " + text::significant(*result.likely.at) + unit
                            : end(result.likely) + " " + what + ", at " + name + " " + text::significant(result.low) +
                                  " to " + text::significant(result.high) + unit;
    return likely + " (by the values within their bands that are best for it: " + end(result.best) +
           "; that are worst: " + end(result.worst) + ")";
}

}  // namespace fedgram::experiments
