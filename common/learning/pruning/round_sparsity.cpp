#include "common/learning/pruning/round_sparsity.hpp"

#include <cassert>

#include "common/learning/pruning/gradual_sparsity.hpp"

namespace fedgram::learning {

double sparsity_behind(const spec::Pruning& pruning, std::uint32_t round)
{
    assert(pruning.to_round);
    const auto to_round = *pruning.to_round;
    if (round < pruning.from_round) return 0;
    const std::uint64_t every = pruning.every_rounds;
    const auto gone = [&](std::uint64_t mask_round) { return mask_round - pruning.from_round + every; };
    const GradualSparsity gradual{{.initial_sparsity = 0,
                                   .final_sparsity = pruning.sparsity,
                                   .first_step = 0,
                                   .last_step = gone(to_round),
                                   .frequency = every}};
    if (round >= to_round) return gradual.at(gone(to_round)).value();
    return gradual.at(gone(round) / every * every).value();
}

}  // namespace fedgram::learning
