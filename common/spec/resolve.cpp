#include "common/spec/resolve.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "common/error/error.hpp"
#include "common/spec/words.hpp"

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

namespace {

/// What a training holds of each of so many updates or nodes, against what it may.
struct Holding {
    const char* key;  ///< whose max_memory_mb it is: "aggregation"
    std::uint32_t count = 0;
    const char* counted;  ///< "updates"
    std::uint32_t most_mb = 0;
    const char* way_out;  ///< beside a larger limit
    const char* holds;    ///< "that this aggregation holds"
};

void check_holding(const std::string& label, const Holding& holding, std::uint64_t parameters)
{
    constexpr std::uint64_t megabyte = 1'000'000;
    const auto megabytes = (held_bytes(holding.count, parameters) + megabyte - 1) / megabyte;
    if (megabytes <= holding.most_mb) return;
    const auto needed = std::to_string(megabytes);
    throw SpecError{"trainings." + label + "." + holding.key + ".max_memory_mb: " + std::to_string(holding.most_mb) +
                    " is less than the " + needed + " MB of " + std::to_string(holding.count) + " " + holding.counted +
                    " x " + std::to_string(parameters) + " parameters x 4 bytes " + holding.holds + "; use " + needed +
                    " or more, " + holding.way_out};
}

}  // namespace

void check_held_updates(const Experiment& experiment, std::uint64_t parameters)
{
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind);
            federated != nullptr && federated->aggregation.holds_updates())
            check_holding(training.label,
                          {"aggregation", cohort_size(*federated), "updates", federated->aggregation.max_memory_mb,
                           "a smaller cohort, or mean", "that this aggregation holds"},
                          parameters);
}

void check_node_states(const Experiment& experiment, std::uint64_t parameters)
{
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind);
            federated != nullptr && federated->strategy.has_node_states())
            check_holding(training.label,
                          {"strategy", federated->nodes, "nodes", federated->strategy.max_memory_mb,
                           "fewer nodes, or a strategy without node states", "that this strategy keeps"},
                          parameters);
}

void check_compression(const Experiment& experiment, std::uint64_t parameters)
{
    constexpr std::uint64_t most = std::numeric_limits<std::uint32_t>::max();
    if (parameters <= most) return;
    const auto check = [&](const std::string& label, const char* key, const Compression& compression) {
        if (!compression.is_none())
            throw SpecError{"trainings." + label + "." + key + ": the model has " + std::to_string(parameters) +
                            " parameters, and updates of more than " + std::to_string(most) +
                            " can't be compressed; use \"none\""};
    };
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind)) {
            check(training.label, "compression", federated->compression);
            check(training.label, "download_compression", federated->download_compression);
        }
}

void check_prunable(const Experiment& experiment, std::uint64_t parameters)
{
    constexpr std::uint64_t most = std::uint64_t{1} << 31;
    if (parameters <= most) return;
    for (const auto& training : experiment.trainings)
        if (const auto* federated = std::get_if<Federated>(&training.kind); federated != nullptr && federated->pruning)
            throw SpecError{"trainings." + training.label + ".pruning: the model has " + std::to_string(parameters) +
                            " parameters, and one of more than " + std::to_string(most) +
                            " has no sparse form; use null"};
}

void check_reducible(const Experiment& experiment)
{
    if (experiment.engine != engine_words[native_engine])
        throw SpecError{
            "reductions: levers take models of layers that the native engine has trained, not \"engine\": \"" +
            experiment.engine + "\"; use \"native\" and a built-in model or layers"};
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
