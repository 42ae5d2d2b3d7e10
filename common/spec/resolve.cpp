#include "common/spec/resolve.hpp"

#include <algorithm>
#include <cmath>

namespace fedgram::spec {

std::uint32_t cohort_size(const Federated& training)
{
    const auto rounded = std::llround(training.client_fraction * training.nodes);
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(rounded));
}

std::uint32_t most_nodes(const Experiment& experiment)
{
    std::uint32_t most = 0;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind)) most = std::max(most, federated->nodes);
    return most;
}

void fill_defaults(Experiment& experiment, std::uint64_t train_samples)
{
    std::uint64_t interval = train_samples;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind)) {
            // In floating point, since samples x cohort x epochs may leave 64 bits; no interval need be longer than
            // this.
            const auto seen = static_cast<double>(train_samples) * cohort_size(*federated) / federated->nodes *
                              federated->local_epochs;
            interval = static_cast<std::uint64_t>(std::llround(std::min(seen, 1e18)));
            break;
        }
    interval = std::max<std::uint64_t>(interval, 1);
    for (auto& training : experiment.trainings)
        if (auto* centralized = std::get_if<Centralized>(&training.kind);
            centralized != nullptr && !centralized->evaluate_every_samples)
            centralized->evaluate_every_samples = interval;
}

}  // namespace fedgram::spec
