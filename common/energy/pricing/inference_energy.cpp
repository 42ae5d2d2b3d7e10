#include "common/energy/pricing/inference_energy.hpp"

#include <algorithm>
#include <cmath>

#include "common/energy/pricing/pricing.hpp"

namespace fedgram::energy {

namespace {

// By the rate of its numbers where one is known of inference, else in float32 as training is priced.
std::optional<PhaseEnergy> busy(const InferenceDemand& demand, const InferenceDevice& device)
{
    const bool is_int8 = demand.int8_ops > 0;
    const auto type = is_int8 ? spec::NumberType::int8 : spec::NumberType::fp32;
    if (const auto rate = device.inference ? device.inference->rate(type) : std::nullopt) {
        const auto macs = (is_int8 ? demand.int8_ops : demand.work.flops) / 2;
        return PhaseEnergy{rate->seconds(macs), rate->joules(macs)};
    }
    return is_int8 || !device.profile ? std::nullopt : std::optional{price(demand.work, *device.profile)};
}

}  // namespace

InferenceCost inference_cost(const InferenceDemand& demand, const InferenceDevice& device, double per_second)
{
    if (device.inference)
        if (auto misfit = misfit_text(*device.inference, demand.memory); !misfit.empty())
            return {.why_not = std::move(misfit), .is_too_large = true};
    const auto one = busy(demand, device);
    if (!one) return {.why_not = device.id() + ": no rate of " + (demand.int8_ops > 0 ? "int8" : "fp32") + " is known"};
    InferenceEnergy energy;
    energy.service = one->seconds;
    energy.busy = one->joules;
    const double busy_devices = per_second * one->seconds.count();
    energy.instances = static_cast<std::uint64_t>(std::max(1.0, std::ceil(busy_devices)));
    const Seconds waiting{(static_cast<double>(energy.instances) - busy_devices) / per_second};
    if (const auto power = device.idle_power()) energy.idle = *power * waiting;
    return {.energy = energy};
}

}  // namespace fedgram::energy
