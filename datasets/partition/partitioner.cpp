#include "datasets/partition/partitioner.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "datasets/partition/classes_partitioner.hpp"
#include "datasets/partition/dirichlet_partitioner.hpp"
#include "datasets/partition/iid_fraction_partitioner.hpp"
#include "datasets/partition/iid_partitioner.hpp"
#include "datasets/partition/quantity_skew_partitioner.hpp"
#include "datasets/partition/shard_partitioner.hpp"

namespace fedgram::datasets {

namespace {

Shares dispatch(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                const spec::Partition& rule, Stream& stream)
{
    switch (rule.kind) {
        case spec::PartitionKind::iid:
            return iid_partition(labels.size(), nodes, stream);
        case spec::PartitionKind::dirichlet:
            return dirichlet_partition(labels, classes, nodes, rule.alpha, stream);
        case spec::PartitionKind::shards:
            return shard_partition(labels, classes, nodes, rule.shards_per_node, stream);
        case spec::PartitionKind::quantity_skew:
            return quantity_skew_partition(labels.size(), nodes, rule.alpha, stream);
        case spec::PartitionKind::iid_fraction:
            return iid_fraction_partition(labels, classes, nodes, rule.iid_fraction, stream);
        case spec::PartitionKind::classes:
            return classes_partition(labels, classes, nodes, rule, stream);
        case spec::PartitionKind::draws:  // deals nothing out: SampleDraws
        case spec::PartitionKind::natural:
            break;  // the data says it: natural_partition
    }
    throw std::logic_error{"a partition kind without a partitioner"};
}

}  // namespace

Shares partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                 const spec::Partition& rule, std::uint64_t seed)
{
    if (nodes == 0 || nodes > labels.size())
        throw SpecError{"federated.nodes: " + std::to_string(nodes) + " nodes for " + std::to_string(labels.size()) +
                        " training samples; use 1 to " + std::to_string(labels.size())};
    Stream stream{seed, Purpose::partition};
    auto shares = dispatch(labels, classes, nodes, rule, stream);
    // A share is a set: its order means nothing, so it has one form.
    for (auto& share : shares) std::sort(share.begin(), share.end());
    return shares;
}

}  // namespace fedgram::datasets
