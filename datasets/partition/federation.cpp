#include "datasets/partition/federation.hpp"
#include "datasets/partition/natural_partition.hpp"
#include "datasets/partition/subset.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::datasets {

namespace {

/// All that an experiment learns from.
std::vector<std::uint32_t> used_indices(const Dataset& data, const spec::Experiment& experiment)
{
    if (experiment.data.train_samples)
        return subset(data.train.labels, data.classes, *experiment.data.train_samples, experiment.seed);
    std::vector<std::uint32_t> all(data.train.size());
    std::iota(all.begin(), all.end(), 0u);
    return all;
}

std::vector<std::uint8_t> labels_of(const Dataset& data, const std::vector<std::uint32_t>& indices)
{
    std::vector<std::uint8_t> labels;
    labels.reserve(indices.size());
    for (const auto index : indices) labels.push_back(data.train.labels[index]);
    return labels;
}

}  // namespace

std::vector<std::uint32_t> validation_indices(const Dataset& data, const spec::Experiment& experiment)
{
    const auto share = experiment.data.validation_share;
    if (share == 0) return {};
    const auto used = used_indices(data, experiment);
    const auto count = static_cast<std::uint32_t>(std::lround(share * static_cast<double>(used.size())));
    if (count == 0 || count >= used.size())
        throw SpecError{"data.validation_share: " + text::shortest(share) + " of " + std::to_string(used.size()) +
                        " training samples is " + std::to_string(count) +
                        "; use a share that leaves some to validate and some to train on"};
    auto chosen = balanced_subset(labels_of(data, used), data.classes, count, experiment.seed, Purpose::validation);
    for (auto& position : chosen) position = used[position];
    return chosen;
}

std::vector<std::uint32_t> training_indices(const Dataset& data, const spec::Experiment& experiment)
{
    auto used = used_indices(data, experiment);
    const auto held_out = validation_indices(data, experiment);
    if (held_out.empty()) return used;
    std::vector<std::uint32_t> rest;
    std::ranges::set_difference(used, held_out, std::back_inserter(rest));
    return rest;
}

std::uint64_t raw_data_bytes(const Dataset& data, const spec::Experiment& experiment)
{
    const auto value_bytes = data.train.values.empty() ? sizeof(std::uint8_t) : sizeof(float);
    const auto sample_bytes = std::uint64_t{data.channels} * data.height * data.width * value_bytes + 1;
    return used_indices(data, experiment).size() * sample_bytes;
}

NodeShares node_shares(const Dataset& data, const spec::Experiment& experiment, const spec::Federated& training)
{
    const auto indices = training_indices(data, experiment);
    const NodeTestRule test{training.node_test_share, experiment.seed};
    if (training.partition.kind == spec::PartitionKind::draws)
        return {training.nodes,
                SampleDraws{indices, data.train.labels, data.classes, training.partition, experiment.seed}, test};
    if (training.partition.kind == spec::PartitionKind::natural)
        return NodeShares{natural_partition(data, indices, training.nodes), test};
    auto shares =
        partition(labels_of(data, indices), data.classes, training.nodes, training.partition, experiment.seed);
    for (auto& share : shares)
        for (auto& position : share) position = indices[position];
    return NodeShares{std::move(shares), test};
}

}  // namespace fedgram::datasets
