#include "common/learning/pruning/gradual_sparsity.hpp"

#include <string>

#include "common/error/error.hpp"
#include "common/learning/pruning/sparsity.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

GradualSparsity::GradualSparsity(const SparsityRamp& ramp) : ramp_{ramp}
{
    require_sparsity(ramp.initial_sparsity, "initial_sparsity");
    require_sparsity(ramp.final_sparsity, "final_sparsity");
    if (ramp.final_sparsity < ramp.initial_sparsity)
        throw SpecError{"final_sparsity: " + text::shortest(ramp.final_sparsity) + " is below initial_sparsity, " +
                        text::shortest(ramp.initial_sparsity) + "; what is pruned stays so"};
    if (ramp.last_step <= ramp.first_step)
        throw SpecError{"last_step: " + std::to_string(ramp.last_step) + " is not behind first_step, " +
                        std::to_string(ramp.first_step) + "; use a later one"};
    if (ramp.frequency == 0) throw SpecError{"frequency: 0 steps lie between no two masks; use at least 1"};
}

std::optional<double> GradualSparsity::at(std::uint64_t step) const
{
    if (step < ramp_.first_step || step > ramp_.last_step) return std::nullopt;
    const auto gone = step - ramp_.first_step;
    if (gone % ramp_.frequency != 0 && step != ramp_.last_step) return std::nullopt;
    const auto span = ramp_.last_step - ramp_.first_step;
    const double left = 1 - static_cast<double>(gone) / static_cast<double>(span);
    return ramp_.final_sparsity + (ramp_.initial_sparsity - ramp_.final_sparsity) * (left * left * left);
}

}  // namespace fedgram::learning
