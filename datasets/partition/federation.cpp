#include "datasets/partition/federation.hpp"
#include "datasets/partition/natural_partition.hpp"
#include "datasets/partition/subset.hpp"

#include <numeric>

namespace fedgram::datasets {

std::vector<std::uint32_t> training_indices(const Dataset& data, const spec::Experiment& experiment)
{
    if (experiment.data.train_samples)
        return subset(data.train.labels, data.classes, *experiment.data.train_samples, experiment.seed);
    std::vector<std::uint32_t> all(data.train.size());
    std::iota(all.begin(), all.end(), 0u);
    return all;
}

std::uint64_t raw_data_bytes(const Dataset& data, const spec::Experiment& experiment)
{
    const auto value_bytes = data.train.values.empty() ? sizeof(std::uint8_t) : sizeof(float);
    const auto sample_bytes = std::uint64_t{data.channels} * data.height * data.width * value_bytes + 1;
    return training_indices(data, experiment).size() * sample_bytes;
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
    std::vector<std::uint8_t> labels;
    labels.reserve(indices.size());
    for (const auto index : indices) labels.push_back(data.train.labels[index]);
    auto shares = partition(labels, data.classes, training.nodes, training.partition, experiment.seed);
    for (auto& share : shares)
        for (auto& position : share) position = indices[position];
    return NodeShares{std::move(shares), test};
}

}  // namespace fedgram::datasets
