#include "experiments/analyzing/device_ends.hpp"

#include <utility>

#include "common/carbon/emissions/inference_band.hpp"
#include "common/energy/devices/serving_ends.hpp"

namespace fedgram::experiments {

std::vector<ServedDevice> ends_of(const ServedDevice& device)
{
    std::vector<ServedDevice> ends;
    if (!device.one_by_one) {
        for (auto& end : energy::ends_of(device.profile)) ends.push_back({.profile = std::move(end)});
        return ends;
    }
    for (const auto& set_up : carbon::devices_within_bands({.profile = {}, .inference = device.one_by_one}))
        if (auto profile = energy::one_by_one(*set_up.inference))
            ends.push_back({std::move(*profile), set_up.inference});
    return ends;
}

}  // namespace fedgram::experiments
