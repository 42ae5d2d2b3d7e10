#include "common/report/lifecycle/served_request.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "common/energy/pricing/batch_service.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::report {

namespace {

energy::BatchDemand batch_of_one(const energy::InferenceDemand& demand)
{
    const auto weights = std::min(demand.memory.model_bytes, demand.work.memory_bytes);
    return {.arithmetic = demand.int8_ops > 0 ? energy::Arithmetic::int8 : energy::Arithmetic::fp32,
            .macs = (demand.work.flops + demand.int8_ops) / 2,
            .weight_bytes = weights,
            .activation_bytes = demand.work.memory_bytes - weights,
            .peak_activation_bytes = demand.memory.activation_bytes};
}

}  // namespace

energy::InferenceCost served_cost(const energy::InferenceDemand& demand, const energy::ServingProfile& device,
                                  double per_second)
{
    const auto one = batch_of_one(demand);
    if (device.rate(one.arithmetic) == nullptr)
        return {.why_not = device.id + ": no rate of " + std::string{energy::name(one.arithmetic)} + " is known"};
    const auto busy_power = device.power(one.arithmetic, 1);
    if (!busy_power) return {.why_not = device.id + ": its watts aren't known"};
    const auto held = static_cast<double>(demand.memory.model_bytes + demand.memory.activation_bytes);
    if (device.memory_bytes && held > device.memory_bytes->value)
        return {.why_not = device.id + ": " + text::significant(held / 1e6) + " MB are more than its memory of " +
                           text::significant(device.memory_bytes->value / 1e6) + " MB",
                .is_too_large = true};
    energy::InferenceEnergy energy;
    const auto service = energy::batch_service(device, one);
    energy.service = service.seconds(1);
    energy.busy = *busy_power * service.busy(1);
    energy.instances = static_cast<std::uint64_t>(std::max(1.0, std::ceil(per_second * energy.service.count())));
    if (!device.idle_w) return {.energy = energy};
    const Seconds each{static_cast<double>(energy.instances) / per_second};
    const double share = service.busy(1).count() / each.count();
    energy.idle = *device.power(one.arithmetic, share) * each - energy.busy;
    return {.energy = energy};
}

}  // namespace fedgram::report
