#include "datasets/partition/shard_partitioner.hpp"

#include <string>
#include <vector>

#include "common/error/error.hpp"
#include "datasets/partition/apportion.hpp"
#include "datasets/partition/deal.hpp"
#include "datasets/partition/label_index.hpp"

namespace fedgram::datasets {

Shares shard_partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                       std::uint32_t shards_per_node, Stream& stream)
{
    const auto shard_count = std::uint64_t{nodes} * shards_per_node;
    if (shard_count > labels.size())
        throw SpecError{"federated.partition.shards_per_node: " + std::to_string(nodes) + " nodes x " +
                        std::to_string(shards_per_node) + " shards is more than the " + std::to_string(labels.size()) +
                        " training samples; use at most " + std::to_string(labels.size() / nodes)};
    std::vector<std::uint32_t> sorted;
    for (const auto& samples : indices_by_label(labels, classes))
        sorted.insert(sorted.end(), samples.begin(), samples.end());
    Shares shards(shard_count);
    deal(sorted, apportion_evenly(static_cast<std::uint32_t>(sorted.size()), static_cast<std::uint32_t>(shard_count)),
         shards);
    auto order = all_indices(shards.size());
    stream.shuffle(std::span{order});
    Shares shares(nodes);
    for (std::size_t i = 0; i < order.size(); ++i) {
        auto& share = shares[i / shards_per_node];
        share.insert(share.end(), shards[order[i]].begin(), shards[order[i]].end());
    }
    return shares;
}

}  // namespace fedgram::datasets
