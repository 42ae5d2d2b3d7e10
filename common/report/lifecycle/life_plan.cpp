#include "common/report/lifecycle/life_plan.hpp"

#include <charconv>
#include <cmath>
#include <span>
#include <string_view>
#include <utility>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

// More than that is no plan, and its sums are no numbers.
constexpr double most_days = 100 * LifePlan::days_per_year;
constexpr double most_per_day = 1e15;

using Unit = std::pair<std::string_view, double>;

/// A number above 0 with one of the units behind it, in the unit whose factor is 1; nothing for another text.
std::optional<double> with_unit(std::string_view text, std::span<const Unit> units)
{
    double number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || !std::isfinite(number) || number <= 0) return std::nullopt;
    const auto rest = text.substr(static_cast<std::size_t>(stop - text.data()));
    for (const auto& [unit, factor] : units)
        if (rest == unit) return number * factor;
    return std::nullopt;
}

}  // namespace

std::uint64_t LifePlan::retrainings() const
{
    if (!retrain_every_days) return 0;
    return static_cast<std::uint64_t>(std::ceil(days / *retrain_every_days) - 1);
}

void check(const LifePlan& plan)
{
    const auto refuse = [](const std::string& option, double value, const std::string& right) {
        throw SpecError{option + ": " + text::shortest(value) + " is not valid; use " + right};
    };
    // Written so that no NaN passes.
    if (!(plan.predictions_per_day > 0 && plan.predictions_per_day <= most_per_day))
        refuse("--predictions", plan.predictions_per_day, "up to 1e15 a day, above 0");
    if (!(plan.days > 0 && plan.days <= most_days))
        refuse("--years", plan.days / LifePlan::days_per_year, "a number above 0, up to 100");
    if (!(plan.predictions() >= 1))
        throw SpecError{"--predictions: " + text::shortest(plan.predictions_per_day) + " a day are only " +
                        text::significant(plan.predictions()) + " in " +
                        text::shortest(plan.days / LifePlan::days_per_year) +
                        " years; use a rate with one prediction at least in that time"};
    if (!(plan.failed_share >= 0 && plan.failed_share < 1))
        refuse("--failed-share", plan.failed_share, "a number from 0, below 1, such as 0.88");
    constexpr double least_interval = 1.0 / 24;
    if (plan.retrain_every_days && !(*plan.retrain_every_days >= least_interval))
        refuse("--retrain-every", *plan.retrain_every_days, "an hour or more, such as 90d");
}

double predictions_per_day(const std::string& text)
{
    constexpr Unit units[] = {{"/day", 1}, {"/hour", 24}, {"/s", 86400}};
    const auto rate = with_unit(text, units);
    if (!rate)
        throw SpecError{"--predictions: \"" + text +
                        "\" is not valid; use a number above 0 with /day, /hour or /s, such as 1e6/day; what a model "
                        "takes without predictions `fedgram table` says"};
    if (*rate > most_per_day)
        throw SpecError{"--predictions: \"" + text + "\" is not valid; use up to " + text::shortest(most_per_day) +
                        "/day, or " + text::significant(most_per_day / 86400) + "/s"};
    return *rate;
}

double days_of(const std::string& text)
{
    constexpr Unit units[] = {{"d", 1}, {"w", 7}, {"y", LifePlan::days_per_year}};
    if (const auto days = with_unit(text, units)) return *days;
    throw SpecError{"--retrain-every: \"" + text + "\" is not valid; use a number above 0 with d, w or y, such as 90d"};
}

}  // namespace fedgram::report
