#include "experiments/validation/device_check.hpp"

#include <algorithm>
#include <utility>

#include "common/energy/pricing/pricing.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"

namespace fedgram::experiments {

namespace {

struct Modelled {
    double seconds;
    double watts;
};

Modelled modelled(energy::DeviceProfile profile, const MeasuredRow& row)
{
    profile.execution = row.execution;
    if (row.power_limit_w)
        profile.power_limit_w =
            energy::Figure{*row.power_limit_w, {}, {}, energy::EvidenceLevel::measured, "the row's"};
    const auto [seconds, joules] = energy::price(row.work, profile);
    return {seconds.count(), joules.count() / seconds.count()};
}

energy::FactorSpread spread(std::vector<double> factors)
{
    if (factors.empty()) return {};
    std::ranges::sort(factors);
    const auto middle = factors.size() / 2;
    const double median = factors.size() % 2 == 1 ? factors[middle] : (factors[middle - 1] + factors[middle]) / 2;
    return {median, factors.back()};
}

std::optional<energy::Validation> validation_of(const std::vector<CheckedRow>& rows, const Measurements& measurements)
{
    std::vector<double> seconds;
    std::vector<double> watts;
    std::vector<double> joules;
    energy::Validation validation;
    for (const auto& each : rows) {
        if (each.row->use != RowUse::checked) continue;
        ++validation.rows;
        if (each.seconds) seconds.push_back(each.seconds->factor());
        if (each.watts) watts.push_back(each.watts->factor());
        if (each.joules) joules.push_back(each.joules->factor());
    }
    if (joules.empty()) return std::nullopt;
    validation.seconds = spread(std::move(seconds));
    validation.watts = spread(std::move(watts));
    validation.joules = spread(std::move(joules));
    for (const auto& set : measurements.sets) validation.source += (validation.source.empty() ? "" : "; ") + set.source;
    return validation;
}

}  // namespace

DeviceCheck check_device(const energy::DeviceProfile& profile, const Measurements& measurements,
                         const std::function<energy::DeviceProfile(const std::string&)>& device)
{
    DeviceCheck check;
    for (const auto& set : measurements.sets)
        for (const auto& row : set.rows) {
            auto [seconds, watts] = modelled(profile, row);
            if (row.seconds_of)
                seconds /= with_context<SpecError>("seconds_of",
                                                   [&] { return modelled(device(*row.seconds_of), row).seconds; });
            CheckedRow checked{&row, {}, {}, {}};
            if (row.seconds) checked.seconds = Compared{*row.seconds, seconds};
            if (row.watts) checked.watts = Compared{*row.watts, watts};
            if (row.seconds && row.watts && !row.seconds_of)
                checked.joules = Compared{*row.seconds * *row.watts, seconds * watts};
            check.rows.push_back(checked);
        }
    check.validation = validation_of(check.rows, measurements);
    return check;
}

}  // namespace fedgram::experiments
