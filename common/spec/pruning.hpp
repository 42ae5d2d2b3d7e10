#pragma once

#include <cstdint>
#include <optional>

#include "common/spec/reduction.hpp"

namespace fedgram::spec {

/// Weights of the global model that go while the federation trains: those of the smallest magnitude become 0 and stay
/// it. The share that is 0 grows by the cubic of Zhu and Gupta (2017, arXiv:1710.01878), from the first of these rounds
/// to the last; common/learning/pruning/round_sparsity.hpp has it.
struct Pruning {
    double sparsity = 0.9;  ///< share of all weights that are 0 from `to_round` on, in [0, 1)
    PruningScope scope = PruningScope::global;
    std::uint32_t from_round = 1;             ///< the first whose model is pruned
    std::optional<std::uint32_t> to_round{};  ///< the last; parsed: always set
    std::uint32_t every_rounds = 1;           ///< from one mask to the next
};

}  // namespace fedgram::spec
