#include "common/energy/pricing/inference_energy.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "common/energy/pricing/pricing.hpp"

namespace fedgram::energy {

namespace {

struct Computing {
    PhaseEnergy energy;
    RequestBasis basis;
};

// By the rate of its numbers where one is known of inference, else in float32 as training is priced.
std::optional<Computing> computing(const InferenceDemand& demand, const InferenceDevice& device)
{
    const bool is_int8 = demand.int8_ops > 0;
    const auto type = is_int8 ? spec::NumberType::int8 : spec::NumberType::fp32;
    if (const auto rate = device.inference ? device.inference->rate(type) : std::nullopt) {
        const auto macs = (is_int8 ? demand.int8_ops : demand.work.flops) / 2;
        return Computing{{rate->seconds(macs), rate->joules(macs)},
                         device.inference->has_rows(type) ? RequestBasis::measured : RequestBasis::slowed_down};
    }
    if (is_int8 || !device.profile) return std::nullopt;
    return Computing{price(demand.work, *device.profile), RequestBasis::training};
}

}  // namespace

std::string_view name(RequestBasis basis)
{
    constexpr std::array<std::string_view, 4> words{"measured inference", "measured inference in int8, slowed down",
                                                    "the device profile, as training", "serving record"};
    return words[static_cast<std::size_t>(basis)];
}

InferenceCost inference_cost(const InferenceDemand& demand, const InferenceDevice& device, double per_second)
{
    if (device.inference)
        if (auto misfit = misfit_text(*device.inference, demand.memory); !misfit.empty())
            return {.why_not = std::move(misfit), .is_too_large = true};
    const auto one = computing(demand, device);
    if (!one) return {.why_not = device.id() + ": no rate of " + (demand.int8_ops > 0 ? "int8" : "fp32") + " is known"};
    InferenceEnergy energy;
    energy.service = one->energy.seconds;
    energy.busy = one->energy.joules;
    energy.basis = one->basis;
    const double busy_devices = per_second * energy.service.count();
    energy.instances = static_cast<std::uint64_t>(std::max(1.0, std::ceil(busy_devices)));
    const Seconds waiting{(static_cast<double>(energy.instances) - busy_devices) / per_second};
    if (const auto power = device.idle_power()) energy.idle = *power * waiting;
    return {.energy = energy};
}

}  // namespace fedgram::energy
