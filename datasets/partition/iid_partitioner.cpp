#include "datasets/partition/iid_partitioner.hpp"

#include "datasets/partition/apportion.hpp"
#include "datasets/partition/deal.hpp"

namespace fedgram::datasets {

Shares iid_partition(std::size_t samples, std::uint32_t nodes, Stream& stream)
{
    auto indices = all_indices(samples);
    stream.shuffle(std::span{indices});
    Shares shares(nodes);
    deal(indices, apportion_evenly(static_cast<std::uint32_t>(samples), nodes), shares);
    return shares;
}

}  // namespace fedgram::datasets
