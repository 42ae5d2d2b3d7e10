#include "common/learning/levers/lever.hpp"

#include "common/error/error.hpp"

namespace fedgram::learning {

spec::Lever with_rate(spec::Lever lever, double training_rate)
{
    std::visit(
        [&](auto& kind) {
            if (kind.tuning.epochs > 0) kind.tuning = tuning_of(kind, training_rate);
        },
        lever);
    return lever;
}

void require_floats(const Candidate& candidate, const char* lever)
{
    if (candidate.is_encoded())
        throw SpecError{std::string{lever} +
                        ": the weights are shared or quantized already; put share-weights and quantize last"};
}

void require_no_mask(const Candidate& candidate, const char* lever)
{
    if (candidate.mask)
        throw SpecError{std::string{lever} +
                        ": it makes other layers, in which pruned weights have no place; put it before prune"};
}

}  // namespace fedgram::learning
