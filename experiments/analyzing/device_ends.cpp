#include "experiments/analyzing/device_ends.hpp"

#include <algorithm>
#include <optional>

#include "common/carbon/emissions/inference_band.hpp"

namespace fedgram::experiments {

namespace {

using energy::Figure;
using energy::ServingProfile;
using End = double (*)(const Figure&);

double low_of(const Figure& figure) { return figure.low.value_or(figure.value); }
double high_of(const Figure& figure) { return figure.high.value_or(figure.value); }

void move(std::optional<Figure>& figure, End end)
{
    if (figure) figure->value = end(*figure);
}

/// `watts` gives power and times their ends, `rates` what is the better for being high.
ServingProfile at_end(ServingProfile profile, End watts, End rates)
{
    profile.floor_s.value = watts(profile.floor_s);
    for (auto& rate : profile.rates) {
        rate.gmac_per_s.value = rates(rate.gmac_per_s);
        move(rate.busy_w, watts);
    }
    for (const auto member :
         {&ServingProfile::memory_gb_s, &ServingProfile::on_chip_bytes, &ServingProfile::weights_on_chip_bytes})
        move(profile.*member, rates);
    for (const auto member : {&ServingProfile::idle_w, &ServingProfile::tenth_of_load_w, &ServingProfile::busy_w})
        move(profile.*member, watts);
    // Bands are each figure's own, and power never falls as the load rises.
    if (profile.busy_w)
        for (const auto member : {&ServingProfile::tenth_of_load_w, &ServingProfile::idle_w})
            if (auto& less = profile.*member) less->value = std::min(less->value, profile.busy_w->value);
    if (profile.tenth_of_load_w)
        profile.tenth_of_load_w->value = std::max(profile.tenth_of_load_w->value, profile.idle_w->value);
    return profile;
}

}  // namespace

std::vector<ServedDevice> ends_of(const ServedDevice& device)
{
    if (!device.one_by_one)
        return {{at_end(device.profile, low_of, high_of)}, {at_end(device.profile, high_of, low_of)}};
    std::vector<ServedDevice> ends;
    for (const auto& set_up : carbon::devices_within_bands({.profile = {}, .inference = device.one_by_one}))
        if (auto profile = energy::one_by_one(*set_up.inference))
            ends.push_back({std::move(*profile), set_up.inference});
    return ends;
}

}  // namespace fedgram::experiments
