#pragma once

#include <string>

#include "experiments/specification.hpp"

namespace fedgram::experiments {

struct PartitionOptions {
    SpecChoice choice;
    std::string training{};  ///< label; empty: every federated training
    bool json = false;
};

/// `fedgram partition`: how many samples of each class each node holds.
[[nodiscard]] int partition(const PartitionOptions& options);

}  // namespace fedgram::experiments
