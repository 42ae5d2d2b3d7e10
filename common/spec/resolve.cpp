#include "common/spec/resolve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::spec {

std::uint32_t cohort_size(const Federated& training)
{
    if (training.buffered) return training.buffered->buffer;
    const auto rounded = std::llround(training.client_fraction * training.nodes);
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(rounded));
}

std::uint32_t virtual_quorum(const Federated& training)
{
    const auto wanted = training.goal.value_or(cohort_size(training));
    return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(std::ceil(training.quorum * wanted)));
}

std::uint32_t most_nodes(const Experiment& experiment)
{
    std::uint32_t most = 0;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind)) most = std::max(most, federated->nodes);
    return most;
}

void check_held_updates(const Experiment& experiment, std::uint64_t parameters)
{
    constexpr std::uint64_t megabyte = 1'000'000;
    for (const auto& training : experiment.trainings) {
        const auto* federated = std::get_if<Federated>(&training.kind);
        if (federated == nullptr || !federated->aggregation.holds_updates()) continue;
        const auto cohort = cohort_size(*federated);
        const auto megabytes = (held_bytes(cohort, parameters) + megabyte - 1) / megabyte;
        if (megabytes > federated->aggregation.max_memory_mb)
            throw SpecError{"trainings." + training.label + ".aggregation.max_memory_mb: " +
                            std::to_string(federated->aggregation.max_memory_mb) + " is less than the " +
                            std::to_string(megabytes) + " MB of " + std::to_string(cohort) + " updates x " +
                            std::to_string(parameters) + " parameters x 4 bytes that this aggregation holds; use " +
                            std::to_string(megabytes) + " or more, a smaller cohort, or mean"};
    }
}

void check_compression(const Experiment& experiment, std::uint64_t parameters)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind);
            federated != nullptr && !federated->compression.is_none() && parameters > most)
            throw SpecError{"trainings." + training.label + ".compression: the model has " +
                            std::to_string(parameters) + " parameters, and updates of more than " +
                            std::to_string(most) + " can't be compressed; use \"none\""};
}

void check_node_states(const Experiment& experiment, std::uint64_t parameters)
{
    constexpr std::uint64_t megabyte = 1'000'000;
    for (const auto& training : experiment.trainings) {
        const auto* federated = std::get_if<Federated>(&training.kind);
        if (federated == nullptr || !federated->strategy.has_node_states()) continue;
        const auto megabytes = (held_bytes(federated->nodes, parameters) + megabyte - 1) / megabyte;
        if (megabytes > federated->strategy.max_memory_mb)
            throw SpecError{"trainings." + training.label + ".strategy.max_memory_mb: " +
                            std::to_string(federated->strategy.max_memory_mb) + " is less than the " +
                            std::to_string(megabytes) + " MB of " + std::to_string(federated->nodes) + " nodes x " +
                            std::to_string(parameters) + " parameters x 4 bytes that this strategy keeps; use " +
                            std::to_string(megabytes) + " or more, fewer nodes, or a strategy without node states"};
    }
}

void check_normalization(const Data& data, std::uint32_t channels)
{
    const auto check = [channels](const std::vector<double>& values, const std::string& key) {
        if (values.size() != 1 && values.size() != channels)
            throw SpecError{"data.normalization." + key + ": " + std::to_string(values.size()) +
                            " values for images of " + std::to_string(channels) +
                            (channels == 1 ? " channel; use a number"
                                           : " channels; use a number, or a list of " + std::to_string(channels))};
    };
    check(data.normalization.mean, "mean");
    check(data.normalization.standard_deviation, "standard_deviation");
}

void fill_defaults(Experiment& experiment, std::uint64_t train_samples)
{
    std::uint64_t interval = train_samples;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind)) {
            // In floating point, since samples x cohort x epochs x rounds may leave 64 bits; no interval need be longer
            // than this.
            const bool drawn = federated->partition.kind == PartitionKind::draws;
            const auto held = drawn
                                  ? static_cast<double>(federated->partition.samples_per_node) * cohort_size(*federated)
                                  : static_cast<double>(train_samples) * cohort_size(*federated) / federated->nodes;
            const auto seen = held * federated->local_epochs * federated->evaluate_every_rounds;
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
