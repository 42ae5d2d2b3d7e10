#include "coordinator/strategies/q_fedavg.hpp"

#include <algorithm>

#include "common/learning/updates/norms.hpp"
#include "common/random/portable_math.hpp"
#include "coordinator/strategies/server_step.hpp"

namespace fedgram::coordinator {

namespace {

// As the authors' code has it: a loss of 0 has no logarithm.
constexpr double above_zero = 1e-10;

}  // namespace

double fair_weight(double loss, double largest, double q)
{
    if (q == 0 || loss == largest) return 1;
    return portable::exp(q * (portable::log(loss) - portable::log(largest)));
}

double fair_curvature(double weight, double loss, double q, double rate_inverse, double distance)
{
    const double length = rate_inverse * distance;
    return weight * (q / loss * length * length + rate_inverse);
}

void QFedAvg::begin(StrategyRound round)
{
    StatelessNodes::begin(std::move(round));
    curvatures_.clear();
    largest_ = above_zero;
    for (const auto& [node, loss] : round_.losses) largest_ = std::max(largest_, loss + above_zero);
}

double QFedAvg::loss_of(std::uint32_t node) const
{
    // Nobody is asked where the losses make no difference.
    if (round_.losses.empty()) return largest_;
    return std::ranges::lower_bound(round_.losses, node, {}, &std::pair<std::uint32_t, double>::first)->second +
           above_zero;
}

Contribution QFedAvg::take(const AcceptedUpdate& update)
{
    const double q = rule_.strategy.q;
    const double loss = loss_of(update.node);
    const double weight = fair_weight(loss, largest_, q);
    const double distance = q == 0 ? 0 : learning::l2_distance(update.parameters, *round_.model);
    curvatures_[update.node] = fair_curvature(weight, loss, q, 1 / round_.local_rate, distance);
    return {weight, 1};
}

std::vector<float> QFedAvg::next(const Aggregate& aggregate)
{
    double sum = 0;
    for (const auto& [node, curvature] : curvatures_) sum += curvature * round_.local_rate;
    // The mean over n nodes has a factor 1 / n that the sum has not.
    const double factor = static_cast<double>(curvatures_.size()) / sum;
    return ServerStep{*round_.model, aggregate}.times(server_rate(rule_, round_.number) * factor, parts_);
}

energy::Work QFedAvg::work() const
{
    // Of each update: its norm, three FLOPs on eight bytes; its scaling, three more on twelve.
    const auto updates = rule_.strategy.q == 0 ? 0 : curvatures_.size();
    return of_each_parameter(3 + 6 * updates, 12 + 20 * updates);
}

}  // namespace fedgram::coordinator
