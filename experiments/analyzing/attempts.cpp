#include "experiments/analyzing/attempts.hpp"

namespace fedgram::experiments {

bool is_worth_repeating(const LoadResult& result, const analysis::Load& load)
{
    constexpr double least_answered = 0.95;
    if (result.stability == serving::Stability::stable) return false;
    if (result.queue_full + result.expired > 0) return false;
    return load.kind == analysis::Load::Kind::concurrency || result.throughput >= least_answered * load.amount;
}

}  // namespace fedgram::experiments
