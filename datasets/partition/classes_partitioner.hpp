#pragma once

#include "common/random/stream.hpp"
#include "datasets/partition/partitioner.hpp"

namespace fedgram::datasets {

/// Each node holds samples of `rule.classes_per_node` classes (the "pathological" split of McMahan et al. 2017,
/// arXiv:1602.05629, by classes as in Li, Diao, Chen and He 2022, arXiv:2102.02079). Every class goes to as many nodes
/// as any other, or one more. Its samples are spread evenly over them, or with `rule.quantity_alpha` by a draw of
/// Dirichlet(alpha, ...): then a node has more of one class than another has. Throws SpecError where a node can't have
/// so many classes, a class would have no node, or has fewer samples than nodes.
[[nodiscard]] Shares classes_partition(std::span<const std::uint8_t> labels, std::uint32_t classes, std::uint32_t nodes,
                                       const spec::Partition& rule, Stream& stream);

}  // namespace fedgram::datasets
