#include "common/energy/pricing/served_inference.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fedgram::energy {

BatchDemand batch_demand(const InferenceDemand& demand)
{
    const auto weights = std::min(demand.memory.model_bytes, demand.work.memory_bytes);
    return {.arithmetic = demand.int8_ops > 0 ? Arithmetic::int8 : Arithmetic::fp32,
            .macs = (demand.work.flops + demand.int8_ops) / 2,
            .weight_bytes = weights,
            .activation_bytes = demand.work.memory_bytes - weights,
            .peak_activation_bytes = demand.memory.activation_bytes};
}

bool prices(const ServingProfile& device, const InferenceDemand& demand)
{
    const auto numbers = batch_demand(demand).arithmetic;
    return device.rate(numbers) != nullptr && device.power(numbers, 1).has_value();
}

InferenceCost served_inference(const InferenceDemand& demand, const ServingProfile& device, double per_second)
{
    assert(prices(device, demand));
    const auto held = demand.memory.model_bytes + demand.memory.activation_bytes;
    if (device.memory_bytes && static_cast<double>(held) > device.memory_bytes->value)
        return {.why_not = device.id + ": " + std::to_string(held) + " bytes are more than its memory of " +
                           std::to_string(static_cast<std::uint64_t>(device.memory_bytes->value)),
                .is_too_large = true};
    const auto one = batch_demand(demand);
    InferenceEnergy energy;
    energy.basis = RequestBasis::served;
    energy.service = batch_service(device, one).seconds(1);
    energy.busy = *device.power(one.arithmetic, 1) * energy.service;
    energy.instances = static_cast<std::uint64_t>(std::max(1.0, std::ceil(per_second * energy.service.count())));
    if (!device.idle_w) return {.energy = energy};
    const Seconds each{static_cast<double>(energy.instances) / per_second};
    const double share = energy.service.count() / each.count();
    energy.idle = *device.power(one.arithmetic, share) * each - energy.busy;
    return {.energy = energy};
}

}  // namespace fedgram::energy
