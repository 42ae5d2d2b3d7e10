#include "common/energy/pricing/served_inference.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace fedgram::energy {

namespace {

constexpr double tenth = 0.1;

Arithmetic numbers_of(const InferenceDemand& demand)
{
    return demand.int8_ops > 0 ? Arithmetic::int8 : Arithmetic::fp32;
}

}  // namespace

Watts WaitingPower::at(double busy_share) const
{
    const auto knee = at_tenth.value_or(idle * (1 - tenth));
    if (busy_share < tenth) return idle + (knee - idle) * (busy_share / tenth);
    return knee * ((1 - busy_share) / (1 - tenth));
}

RequestUse use_at(const RequestPrice& price, double per_second)
{
    const double taken = per_second * price.service.count();
    RequestUse use;
    use.devices = static_cast<std::uint64_t>(std::max(1.0, std::ceil(taken)));
    const auto devices = static_cast<double>(use.devices);
    use.load = taken / devices;
    if (price.waiting) use.waiting = price.waiting->at(use.load * price.busy_share) * Seconds{devices / per_second};
    return use;
}

BatchDemand batch_demand(const InferenceDemand& demand, Arithmetic numbers)
{
    const auto weights = std::min(demand.memory.model_bytes, demand.work.memory_bytes);
    return {.arithmetic = numbers,
            .macs = (demand.work.flops + demand.int8_ops) / 2,
            .weight_bytes = weights,
            .activation_bytes = demand.work.memory_bytes - weights,
            .peak_activation_bytes = demand.memory.activation_bytes};
}

BatchDemand batch_demand(const InferenceDemand& demand) { return batch_demand(demand, numbers_of(demand)); }

RequestPrice served_price(const ServingProfile& device, const BatchDemand& demand, std::uint32_t batch)
{
    const auto service = in_open_loop(batch_service(device, demand));
    const auto full = *device.power(demand.arithmetic, 1);
    RequestPrice price;
    const auto takes = std::max(service.seconds(batch), service.work(batch) * (1 / service.cores));
    price.service = takes * (1.0 / batch);
    price.busy = full * (service.busy(batch) * (1.0 / batch));
    price.busy_share = service.busy(batch).count() / takes.count();
    if (!device.idle_w) return price;
    price.waiting = WaitingPower{Watts{device.idle_w->value}};
    if (device.tenth_of_load_w) price.waiting->at_tenth = Watts{device.tenth_of_load_w->value} - full * tenth;
    return price;
}

bool prices(const ServingProfile& device, const InferenceDemand& demand)
{
    const auto numbers = numbers_of(demand);
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
    const auto price = served_price(device, batch_demand(demand), 1);
    const auto use = use_at(price, per_second);
    return {.energy = InferenceEnergy{.service = price.service,
                                      .instances = use.devices,
                                      .busy = price.busy,
                                      .idle = use.waiting,
                                      .basis = RequestBasis::served}};
}

}  // namespace fedgram::energy
