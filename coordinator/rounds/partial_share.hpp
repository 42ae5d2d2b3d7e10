#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "common/energy/work/training_work.hpp"
#include "common/learning/training/node_work.hpp"
#include "common/units/quantity.hpp"
#include "coordinator/rounds/virtual_round.hpp"

namespace fedgram::coordinator {

/// The Work of a node's training of so many samples in so many steps.
using PartialTraining = std::function<energy::Work(std::uint32_t node, learning::LocalEpochs done)>;

/// What a node has done of its share of a round in so much time: it downloads, trains and uploads, one after the other,
/// as long as `times` says. Bytes by time, and whole steps.
[[nodiscard]] energy::NodeRound partial_share(const energy::NodeRound& share, const VirtualNode& times, Seconds busy,
                                              const PartialTraining& trained);

/// One share for each node, ascending: of a node with several, their sum.
[[nodiscard]] std::vector<energy::NodeRound> summed_by_node(std::vector<energy::NodeRound> shares);

}  // namespace fedgram::coordinator
