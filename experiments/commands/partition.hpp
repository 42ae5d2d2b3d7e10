#pragma once

#include <cstdint>
#include <string>

#include "experiments/lookup/specification.hpp"

namespace fedgram::experiments {

class CommandSet;

struct PartitionOptions {
    SpecChoice choice;
    std::string training{};     ///< label; empty: every federated training
    std::uint32_t first = 100;  ///< so many nodes are shown, from 0 on
    bool json = false;
};

/// `fedgram partition`: how many samples of each class each node holds, for the first nodes of each training.
[[nodiscard]] int partition(const PartitionOptions& options);

/// Its options and its help.
void add_partition(CommandSet& commands);

}  // namespace fedgram::experiments
