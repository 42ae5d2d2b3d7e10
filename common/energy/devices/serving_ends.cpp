#include "common/energy/devices/serving_ends.hpp"

#include <algorithm>
#include <optional>

namespace fedgram::energy {

namespace {

using End = double (*)(const Figure&);

double low_of(const Figure& figure) { return figure.low.value_or(figure.value); }
double high_of(const Figure& figure) { return figure.high.value_or(figure.value); }

void move(std::optional<Figure>& figure, End end)
{
    if (figure) figure->value = end(*figure);
}

/// `watts` gives power its ends, `rates` what is the better for being high; times have the other ends.
ServingProfile at_end(ServingProfile profile, End watts, End rates)
{
    profile.floor_s.value = rates == high_of ? low_of(profile.floor_s) : high_of(profile.floor_s);
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

std::vector<ServingProfile> ends_of(const ServingProfile& device)
{
    return {at_end(device, low_of, high_of), at_end(device, high_of, low_of)};
}

std::vector<ServingProfile> corners_of(const ServingProfile& device)
{
    std::vector<ServingProfile> corners;
    for (const auto rates : {high_of, low_of})
        for (const auto watts : {low_of, high_of}) corners.push_back(at_end(device, watts, rates));
    return corners;
}

}  // namespace fedgram::energy
