#include "coordinator/refusal.hpp"

#include <cmath>

#include "coordinator/fedavg.hpp"

namespace fedgram::coordinator {

std::optional<std::string> refusal(const Claim& asked, const Claim& claimed, std::span<const float> update,
                                   std::size_t parameters)
{
    if (claimed.training != asked.training || claimed.round != asked.round)
        return "it is for round " + std::to_string(claimed.round) + ", this is round " + std::to_string(asked.round);
    if (claimed != asked)
        return "it claims " + std::to_string(claimed.samples) + " samples, " + std::to_string(claimed.samples_seen) +
               " seen in " + std::to_string(claimed.steps) + " steps; the node was given " +
               std::to_string(asked.samples) + ", " + std::to_string(asked.samples_seen) + " and " +
               std::to_string(asked.steps);
    if (update.size() != parameters)
        return "it has " + std::to_string(update.size()) + " parameters, the model has " + std::to_string(parameters);
    for (std::size_t i = 0; i < update.size(); ++i)
        if (!(std::fabs(update[i]) < FedAvg::magnitude_limit))  // NaN fails this too
            return "parameter " + std::to_string(i) + " is " + std::to_string(update[i]);
    return std::nullopt;
}

std::optional<std::string> cpu_time_refusal(double cpu_seconds)
{
    if (std::isfinite(cpu_seconds) && cpu_seconds >= 0) return std::nullopt;
    return "it claims " + std::to_string(cpu_seconds) + " s of CPU time";
}

}  // namespace fedgram::coordinator
