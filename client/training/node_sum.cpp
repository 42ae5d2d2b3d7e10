#include "client/training/node_sum.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace fedgram::client {

bool NodeSum::is_of(const Job& job) const
{
    return !updates_.nodes.empty() && updates_.demand == job.demand && updates_.training == job.task.training &&
           updates_.round == job.task.round;
}

bool NodeSum::add(const Job& job, const NodeResult& result)
{
    if (!is_of(job)) begin(job);
    if (!std::isfinite(result.mean_loss) || learning::refusal(result.parameters, *limits_)) return false;
    sum_.add(result.parameters, result.samples);
    updates_.samples += result.samples;
    updates_.nodes.push_back(job.task.node);
    return true;
}

SummedUpdates NodeSum::take(std::vector<float> buffer)
{
    sum_.write(buffer);
    sum_.clear();
    auto taken = std::exchange(updates_, {});
    std::ranges::sort(taken.nodes);
    taken.words = std::move(buffer);
    return taken;
}

void NodeSum::begin(const Job& job)
{
    updates_ = {.demand = job.demand,
                .training = job.task.training,
                .round = job.task.round,
                .nodes = {},
                .samples = 0,
                .words = {}};
    if (global_ != job.global || limits_->max_norm() != *job.sums_within) {
        limits_.emplace(*job.global, *job.sums_within);
        global_ = job.global;
    }
    if (sum_.size() == global_->size())
        sum_.clear();
    else
        sum_ = learning::ExactSum{global_->size()};
}

}  // namespace fedgram::client
