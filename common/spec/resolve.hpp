#pragma once

#include <cstdint>

#include "common/spec/experiment.hpp"

namespace fedgram::spec {

/// Gives each centralized training without an evaluation interval the number of samples that a round of the first
/// federated training trains on (cohort's share of `train_samples`, or what it draws, x local epochs, rounded), or an
/// epoch when there is none, and as many of it as are between two evaluations there. So both kinds are looked at
/// equally often, and the stop rule favours neither.
void fill_defaults(Experiment& experiment, std::uint64_t train_samples);

/// Throws SpecError for a federated training whose aggregation would hold more of its cohort's updates in memory than
/// its `max_memory_mb`, for a model of so many parameters.
void check_held_updates(const Experiment& experiment, std::uint64_t parameters);

/// Throws SpecError for a federated training whose strategy would keep more of its nodes' states than its
/// `max_memory_mb`, for a model of so many parameters.
void check_node_states(const Experiment& experiment, std::uint64_t parameters);

/// Throws SpecError for a federated training that compresses updates of a model of 2^32 parameters or more: a place
/// among them is a number of 32 bits.
void check_compression(const Experiment& experiment, std::uint64_t parameters);

/// Throws SpecError for a federated training that prunes a model of more than 2^31 parameters: no sparse form has more.
void check_prunable(const Experiment& experiment, std::uint64_t parameters);

/// Throws SpecError where the experiment's models can't be made smaller: levers take models of layers, as the native
/// engine trains them.
void check_reducible(const Experiment& experiment);

/// Throws SpecError when the normalization is neither one for all of the images' channels nor one for each.
void check_normalization(const Data& data, std::uint32_t channels);

/// Nodes in a round: the fraction of all, rounded, at least one; of buffered training, updates in a buffer.
[[nodiscard]] std::uint32_t cohort_size(const Federated& training);

/// How many updates a round needs in virtual time: the quorum of its goal, or of its cohort without one.
[[nodiscard]] std::uint32_t virtual_quorum(const Federated& training);

/// The largest number of nodes of any federated training; 0 without one.
[[nodiscard]] std::uint32_t most_nodes(const Experiment& experiment);

}  // namespace fedgram::spec
