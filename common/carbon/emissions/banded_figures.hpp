#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "common/carbon/assumptions/network_energy.hpp"
#include "common/energy/devices/device_profile.hpp"

namespace fedgram::carbon {

/// What the energy of Work rests on.
struct PricingInputs {
    std::vector<energy::DeviceProfile> devices;  ///< each once, by id; at least one
    NetworkModel network;
};

/// Calls visit(name, is_rate, select) for each figure that may have a band: "full_w of jetson-tx2"; whether more of it
/// means fewer joules; and what takes the figure out of PricingInputs.
template <class Visit>
void for_each_figure(const PricingInputs& likely, Visit visit)
{
    for (std::size_t i = 0; i < likely.devices.size(); ++i) {
        const auto of_device = " of " + likely.devices[i].id;
        for (const auto& [key, member, range, is_rate] : energy::pricing_figures())
            visit(
                std::string{key} + of_device, is_rate,
                [ i, member = member ](auto& inputs) -> auto& { return inputs.devices[i].*member; });
        visit(
            "model_error" + of_device, false, [i](auto& inputs) -> auto& { return inputs.devices[i].model_error; });
    }
    visit(
        std::string{likely.network.figure_key()} + " of the network", false, [](auto& inputs) -> auto& {
            return inputs.network.method == NetworkMethod::router ? inputs.network.router_w : inputs.network.kwh_per_gb;
        });
}

}  // namespace fedgram::carbon
