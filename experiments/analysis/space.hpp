#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "experiments/analysis/configuration.hpp"

namespace fedgram::experiments::analysis {

/// Where a search looks: the values of each key, which ascend. Those given are the ranges of NVIDIA's Model Analyzer.
struct Space {
    std::vector<std::string> devices{"here"};  ///< in any order
    std::vector<std::size_t> variants{0};
    std::vector<std::uint32_t> max_batches{1, 2, 4, 8, 16, 32, 64, 128};
    std::vector<std::uint32_t> instances{1, 2, 3, 4, 5};
    std::vector<std::uint32_t> queue_delays_us{0};
    /// All of one kind. A quick search takes rates only where there is one, at which all is measured.
    std::vector<Load> loads = concurrencies();

    /// 1, 2, 4, ... 1024 clients.
    [[nodiscard]] static std::vector<Load> concurrencies();

    /// What all is compared with, whether it is part of the space or not: one instance of the first variant on the
    /// first device, that neither batches nor waits.
    [[nodiscard]] Configuration default_configuration() const;
};

/// Throws SpecError: which key is empty, doesn't ascend or holds what isn't valid.
void check(const Space& space);

}  // namespace fedgram::experiments::analysis
