#pragma once

#include <cstdint>
#include <vector>

#include "common/spec/experiment.hpp"
#include "datasets/dataset.hpp"
#include "datasets/partitioner.hpp"

namespace fedgram::datasets {

/// The training samples that an experiment uses, as indices into `data.train`: all of them, or its seeded subset.
[[nodiscard]] std::vector<std::uint32_t> training_indices(const Dataset& data, const spec::Experiment& experiment);

/// What each node of this training holds, as indices into `data.train`. The coordinator and every client work it out
/// for themselves from the specification, and come to the same.
[[nodiscard]] Shares node_shares(const Dataset& data, const spec::Experiment& experiment,
                                 const spec::Federated& training);

}  // namespace fedgram::datasets
