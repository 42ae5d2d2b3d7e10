#include "datasets/partition/dirichlet_partitioner.hpp"

#include "datasets/partition/apportion.hpp"
#include "datasets/partition/deal.hpp"
#include "datasets/partition/label_index.hpp"

namespace fedgram::datasets {

Shares dirichlet_partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                           double alpha, Stream& stream)
{
    Shares shares(nodes);
    for (auto& samples : indices_by_label(labels, classes)) {
        stream.shuffle(std::span{samples});
        const auto weights = stream.dirichlet(alpha, nodes);
        deal(samples, apportion(static_cast<std::uint32_t>(samples.size()), weights), shares);
    }
    fill_empty_nodes(shares);
    return shares;
}

}  // namespace fedgram::datasets
