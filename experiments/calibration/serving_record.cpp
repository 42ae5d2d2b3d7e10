#include "experiments/calibration/serving_record.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fedgram::experiments {

namespace {

using energy::EvidenceLevel;
using energy::Figure;
using energy::ServedForm;

/// In tenths: more digits would be noise.
double gmac_per_s(const ServedForm& form)
{
    const auto& [batch, time] = form.engine.back();
    const double tenths = static_cast<double>(form.macs) * batch / time.count() / 1e8;
    return std::max(1.0, std::floor(tenths + 0.5)) / 10;
}

void add_rate(energy::ServingProfile& profile, const ServedForm& form)
{
    const auto known = std::ranges::find(profile.rates, form.arithmetic, &energy::ServingRate::arithmetic);
    const double rate = gmac_per_s(form);
    if (known == profile.rates.end()) {
        profile.rates.push_back(
            {form.arithmetic, {rate, rate, rate, EvidenceLevel::measured, form.name + " in its largest batch"}});
        return;
    }
    auto& figure = known->gmac_per_s;
    figure.low = std::min(*figure.low, rate);
    figure.high = std::max(*figure.high, rate);
}

Figure of_all_cores(const Figure& core_w, double cores)
{
    const auto times = [&](const std::optional<double>& watts) {
        return watts ? std::optional{*watts * cores} : std::nullopt;
    };
    return {core_w.value * cores, times(core_w.low), times(core_w.high), core_w.evidence, core_w.source};
}

}  // namespace

energy::ServingProfile serving_record(const MeasuredMachine& machine)
{
    assert(!machine.forms.empty());
    energy::ServingProfile profile;
    profile.id = machine.id;
    profile.name = machine.name;
    profile.device_class = energy::DeviceClass::edge;
    profile.boundary = "chip";
    for (const auto& form : machine.forms) add_rate(profile, form);
    // In the order in which records have them.
    std::ranges::sort(profile.rates, {}, &energy::ServingRate::arithmetic);
    const auto& first = machine.forms.front();
    profile.floor_s = {first.batch_s.value,
                       {},
                       {},
                       EvidenceLevel::fitted,
                       "batch_s of " + first.name + ", for models that were not measured"};
    auto largest = first.engine.back().batch;
    for (const auto& form : machine.forms) largest = std::min(largest, form.engine.back().batch);
    profile.largest_batch = Figure{double(largest), {}, {}, EvidenceLevel::measured, "the largest that was measured"};
    profile.cores = Figure{machine.cores, {}, {}, EvidenceLevel::measured, machine.what};
    if (machine.core_w) profile.busy_w = of_all_cores(*machine.core_w, machine.cores);
    profile.forms = machine.forms;
    return profile;
}

}  // namespace fedgram::experiments
