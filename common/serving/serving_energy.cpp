#include "common/serving/serving_energy.hpp"

#include <algorithm>

namespace fedgram::serving {

double ServingEnergy::idle_share() const
{
    const double all = per_1000().count();
    return all > 0 ? idle.count() / all : 0;
}

std::optional<ServingEnergy> serving_energy(const InstancePower& power, const ServingResult& result, double per_second)
{
    if (result.answered == 0) return std::nullopt;
    const auto answered = static_cast<double>(result.answered);
    const double rate = per_second * answered / static_cast<double>(result.offered);
    const double busy = result.busy_time().count() / answered;
    // Beyond capacity the run outlasts its requests, and instances are busy for longer than these took to come.
    const double provisioned = std::max(static_cast<double>(result.busy.size()) / rate, busy);
    return ServingEnergy{rate, power.busy * Seconds{1000 * busy}, power.idle * Seconds{1000 * (provisioned - busy)}};
}

ServingEnergy energy_at_capacity(const InstancePower& power, std::uint32_t instances, double capacity)
{
    return {capacity, power.busy * Seconds{1000 * instances / capacity}, Joules{}};
}

}  // namespace fedgram::serving
