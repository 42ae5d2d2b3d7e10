#include "coordinator/strategies/server_optimized.hpp"

#include "coordinator/strategies/server_step.hpp"

namespace fedgram::coordinator {

std::vector<float> ServerOptimized::next(const Aggregate& aggregate)
{
    const ServerStep step{*round_.model, aggregate};
    return step.taken(optimizer_.change(step.difference(), server_rate(rule_, round_.number)), parts_);
}

energy::Work ServerOptimized::work() const
{
    // Beside the optimizer: the difference and the addition.
    return of_each_parameter(optimizer_.flops() + 2, optimizer_.bytes());
}

}  // namespace fedgram::coordinator
