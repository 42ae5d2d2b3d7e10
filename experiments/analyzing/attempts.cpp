#include "experiments/analyzing/attempts.hpp"

#include <cmath>

namespace fedgram::experiments {

namespace {

constexpr double least_answered = 0.95;

}  // namespace

bool falls_behind(const LoadResult& result, const analysis::Load& load)
{
    if (load.kind == analysis::Load::Kind::concurrency) return false;
    if (result.throughput <= 0) return true;
    const auto answers = static_cast<double>(result.latency.requests);
    const double due = answers * load.amount / result.throughput;
    return answers < least_answered * due - 3 * std::sqrt(due);
}

bool is_worth_repeating(const LoadResult& result, const analysis::Load& load)
{
    if (result.stability == serving::Stability::stable) return false;
    if (result.queue_full + result.expired > 0) return false;
    return load.kind == analysis::Load::Kind::concurrency || result.throughput >= least_answered * load.amount;
}

}  // namespace fedgram::experiments
