#include "common/carbon/emissions/inference_band.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "common/carbon/emissions/energy_band.hpp"

namespace fedgram::carbon {

namespace {

using energy::Figure;
using energy::InferenceDevice;
using energy::InferenceProfile;

struct Ends {
    std::optional<Figure> low;
    std::optional<Figure> high;
};

Ends ends_of(const std::optional<Figure>& figure)
{
    Ends ends{figure, figure};
    if (figure) {
        ends.low->value = figure->low.value_or(figure->value);
        ends.high->value = figure->high.value_or(figure->value);
    }
    return ends;
}

// The profile with each of its set-ups as the only one, and its other figures at their ends.
std::vector<InferenceProfile> set_ups(const InferenceProfile& profile)
{
    std::vector<InferenceProfile> each;
    const auto idle = ends_of(profile.idle_w);
    const auto slowdown = ends_of(profile.fp32_slowdown);
    for (auto row : profile.rows) {
        if (row.use == energy::InferenceRowUse::shown) continue;
        row.use = energy::InferenceRowUse::fitted;
        for (const auto& idle_w : {idle.low, idle.high})
            for (const auto& fp32_slowdown : {slowdown.low, slowdown.high}) {
                auto& changed = each.emplace_back(profile);
                changed.rows = {row};
                changed.idle_w = idle_w;
                changed.fp32_slowdown = fp32_slowdown;
            }
    }
    return each;
}

}  // namespace

std::vector<InferenceDevice> devices_within_bands(const InferenceDevice& device)
{
    std::vector<std::optional<InferenceProfile>> inferences{device.inference};
    if (device.inference) {
        inferences.clear();
        for (auto& profile : set_ups(*device.inference)) inferences.emplace_back(std::move(profile));
    }
    std::vector<std::optional<energy::DeviceProfile>> profiles{device.profile};
    if (device.profile) {
        const auto [least, most] = band_ends({{*device.profile}, {}});
        profiles = {least.devices.front(), most.devices.front()};
    }
    std::vector<InferenceDevice> devices;
    for (const auto& inference : inferences)
        for (const auto& profile : profiles) devices.push_back({profile, inference});
    return devices;
}

InferenceBand inference_band(const energy::InferenceEnergy& likely, const energy::InferenceDemand& demand,
                             const energy::InferenceDevice& device, double per_second)
{
    InferenceBand band{likely.sum(), likely.sum()};
    for (const auto& end : devices_within_bands(device)) {
        const auto cost = energy::inference_cost(demand, end, per_second);
        if (!cost.energy) continue;  // a set-up in the other numbers
        band.low = std::min(band.low, cost.energy->sum());
        band.high = std::max(band.high, cost.energy->sum());
    }
    return band;
}

}  // namespace fedgram::carbon
