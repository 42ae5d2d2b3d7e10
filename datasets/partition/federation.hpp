#pragma once

#include <cstdint>
#include <vector>

#include "common/spec/experiment.hpp"
#include "datasets/partition/node_shares.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// The training samples that an experiment trains on, as indices into `data.train`: all of them, or its seeded subset,
/// without its validation split.
[[nodiscard]] std::vector<std::uint32_t> training_indices(const Dataset& data, const spec::Experiment& experiment);

/// The validation split: of those samples a seeded share, rounded, with the classes' shares kept; empty where nothing
/// is held out. Throws SpecError where that leaves no sample on one of both sides.
[[nodiscard]] std::vector<std::uint32_t> validation_indices(const Dataset& data, const spec::Experiment& experiment);

/// What a data centre would have to be sent before it can train: the samples of both as they are held, and a byte for
/// each label.
[[nodiscard]] std::uint64_t raw_data_bytes(const Dataset& data, const spec::Experiment& experiment);

/// What each node of this training holds. The coordinator and every client work it out for themselves from the
/// specification, and agree. Throws SpecError when so many nodes or samples can't be partitioned so.
[[nodiscard]] NodeShares node_shares(const Dataset& data, const spec::Experiment& experiment,
                                     const spec::Federated& training);

}  // namespace fedgram::datasets
