#include "coordinator/strategies/server_step.hpp"

#include <algorithm>

namespace fedgram::coordinator {

ServerStep::ServerStep(std::span<const float> model, const Aggregate& aggregate)
    : aggregate_{aggregate.precise_result()}, difference_(model.size())
{
    for (std::size_t i = 0; i < model.size(); ++i) difference_[i] = aggregate_[i] - static_cast<double>(model[i]);
}

std::vector<float> ServerStep::taken(std::span<const double> change, const TrainedParts& parts) const
{
    std::vector<float> next(aggregate_.size());
    std::ranges::transform(aggregate_, next.begin(), [](double value) { return static_cast<float>(value); });
    for (const auto& [begin, end] : parts.parts())
        for (std::size_t i = begin; i < end; ++i)
            next[i] = static_cast<float>(aggregate_[i] + (change[i] - difference_[i]));
    return next;
}

std::vector<float> ServerStep::times(double factor, const TrainedParts& parts) const
{
    std::vector<double> change(difference_.size());
    std::ranges::transform(difference_, change.begin(), [factor](double each) { return factor * each; });
    return taken(change, parts);
}

double server_rate(const spec::Federated& rule, std::uint32_t round)
{
    const auto& strategy = rule.strategy;
    return strategy.learning_rate * spec::schedule_factor(strategy.schedule, round, rule.max_rounds);
}

}  // namespace fedgram::coordinator
