#include "coordinator/strategies/averaging.hpp"

#include "coordinator/strategies/server_step.hpp"

namespace fedgram::coordinator {

std::vector<float> Averaging::next(const Aggregate& aggregate)
{
    rate_ = server_rate(rule_, round_.number);
    if (rate_ == 1) return aggregate.result();
    return ServerStep{*round_.model, aggregate}.times(rate_, parts_);
}

energy::Work Averaging::work() const
{
    // A difference, a multiplication, an addition; aggregate and model in, the next model out.
    return rate_ == 1 ? energy::Work{} : of_each_parameter(3, 12);
}

}  // namespace fedgram::coordinator
