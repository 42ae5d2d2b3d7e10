#include "datasets/partition/quantity_skew_partitioner.hpp"

#include "datasets/partition/apportion.hpp"
#include "datasets/partition/deal.hpp"

namespace fedgram::datasets {

Shares quantity_skew_partition(std::size_t samples, std::uint32_t nodes, double alpha, Stream& stream)
{
    auto indices = all_indices(samples);
    stream.shuffle(std::span{indices});
    Shares shares(nodes);
    deal(indices, apportion(static_cast<std::uint32_t>(samples), stream.dirichlet(alpha, nodes)), shares);
    fill_empty_nodes(shares);
    return shares;
}

}  // namespace fedgram::datasets
