#include "coordinator/strategies/fednova.hpp"

#include "coordinator/strategies/server_step.hpp"

namespace fedgram::coordinator {

double normalized_steps(std::uint64_t steps, double momentum, double rate_mu)
{
    double sum = 0;
    double gradient = 0;  // how often the latest step has each gradient so far
    for (std::uint64_t step = 0; step < steps; ++step) {
        gradient = momentum * gradient + 1;
        sum = sum * (1 - rate_mu) + gradient;
    }
    return sum;
}

void FedNova::begin(StrategyRound round)
{
    StatelessNodes::begin(std::move(round));
    taken_.clear();
    scaled_ = 0;
}

double FedNova::factor_of(std::uint64_t steps) const
{
    return normalized_steps(steps, rule_.optimizer.momentum, round_.local_rate * rule_.strategy.mu);
}

Contribution FedNova::take(const AcceptedUpdate& update)
{
    const double factor = factor_of(update.steps);
    const double counted = rule_.strategy.mu > 0 ? static_cast<double>(update.steps) : factor;
    taken_[update.node] = {update.samples, counted};
    const double scale = factor_of(round_.most_steps) / factor;
    if (scale != 1) ++scaled_;
    return {scale, update.samples};
}

std::vector<float> FedNova::next(const Aggregate& aggregate)
{
    double samples = 0;
    double steps = 0;
    for (const auto& [node, taken] : taken_) {
        samples += static_cast<double>(taken.samples);
        steps += static_cast<double>(taken.samples) * taken.effective_steps;
    }
    const double tau = steps / samples;
    const double factor = server_rate(rule_, round_.number) * (tau / factor_of(round_.most_steps));
    return ServerStep{*round_.model, aggregate}.times(factor, parts_);
}

energy::Work FedNova::work() const
{
    // An update that is scaled: a difference, a multiplication, an addition; update and model in, the scaled one out.
    return of_each_parameter(3 + 3 * scaled_, 12 + 12 * scaled_);
}

}  // namespace fedgram::coordinator
