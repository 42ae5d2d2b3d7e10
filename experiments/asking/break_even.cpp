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

template <class Crossing>
BreakEven found(const RatioAt& ratio_at, double low, double high, Crossing crossing_of)
{
    BreakEven result{.low = low, .high = high};
    result.likely = crossing_of(&carbon::EnergyRatio::likely);
    result.at_best = crossing_of(&carbon::EnergyRatio::low);
    result.at_worst = crossing_of(&carbon::EnergyRatio::high);
    result.greener_above = ratio_at(low).likely > ratio_at(high).likely;
    result.always = !result.likely && ratio_at(low).likely < 1;
    return result;
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

std::string words_of(const BreakEven& result, const std::string& name, const std::string& unit)
{
    const auto range = name + " from " + text::significant(result.low) + " to " + text::significant(result.high) + unit;
    // The end that is best for the first training comes first where it is greener above, so that values rise.
    const auto band = [&] {
        if (!result.at_best && !result.at_worst) return std::string{};
        const auto end = [](const std::optional<double>& value) {
            return value ? text::significant(*value) : std::string{"beyond the range"};
        };
        const auto& first = result.greener_above ? result.at_best : result.at_worst;
        const auto& second = result.greener_above ? result.at_worst : result.at_best;
        return " (" + end(first) + " to " + end(second) + " by the bands of the figures)";
    };
    const std::string side = result.greener_above ? "above " : "below ";
    if (result.likely) return side + name + " " + text::significant(*result.likely) + unit + band();
    if (result.always) return "always, at " + range + band();
    const auto perhaps = result.at_best ? "; with the values within their bands that are best for it, " + side +
                                              text::significant(*result.at_best) + unit
                                        : std::string{};
    return "never, at " + range + perhaps;
}

}  // namespace fedgram::experiments
