#pragma once

#include <cstdint>
#include <vector>

#include "common/fleet/fleet.hpp"
#include "common/learning/model/model.hpp"
#include "common/spec/experiment.hpp"
#include "common/units/quantity.hpp"
#include "datasets/partition/node_shares.hpp"

namespace fedgram::experiments {

/// A node's part of one round: download, training on all of its samples, upload. Without waiting for others.
struct NodeRound {
    std::uint32_t group = 0;
    Seconds busy;
    Joules drawn;
};

/// By node.
[[nodiscard]] std::vector<NodeRound> node_rounds(const fleet::Fleet& fleet, const spec::Federated& rule,
                                                 const learning::Model& model, const datasets::NodeShares& shares);

}  // namespace fedgram::experiments
