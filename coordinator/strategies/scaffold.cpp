#include "coordinator/strategies/scaffold.hpp"

#include <algorithm>

#include "coordinator/strategies/server_step.hpp"

namespace fedgram::coordinator {

Scaffold::Scaffold(const spec::Federated& rule, const learning::ParameterTable& parameters)
    : rule_{rule}, parts_{parameters}, variates_{rule.nodes, parameters.size}
{
}

void Scaffold::begin(StrategyRound round)
{
    round_ = std::move(round);
    variates_.drop_held();
}

std::shared_ptr<const std::vector<float>> Scaffold::linear_term(std::uint32_t node) const
{
    const auto own = variates_.of(node);
    const auto mean = variates_.mean();
    if (own.empty() && std::ranges::all_of(mean, [](double each) { return each == 0; })) return nullptr;
    std::vector<float> term(mean.size());
    for (std::size_t i = 0; i < term.size(); ++i)
        term[i] = static_cast<float>(mean[i] - (own.empty() ? 0.0 : static_cast<double>(own[i])));
    return std::make_shared<const std::vector<float>>(std::move(term));
}

Contribution Scaffold::take(const AcceptedUpdate& update)
{
    const auto own = variates_.of(update.node);
    const auto mean = variates_.mean();
    const auto& model = *round_.model;
    const double steps = static_cast<double>(update.steps) * round_.local_rate;
    std::vector<float> next(mean.size());
    for (const auto& [begin, end] : parts_.parts())
        for (std::size_t i = begin; i < end; ++i) {
            const double moved = static_cast<double>(model[i]) - static_cast<double>(update.parameters[i]);
            const double before = own.empty() ? 0.0 : static_cast<double>(own[i]);
            next[i] = static_cast<float>(before - mean[i] + moved / steps);
        }
    variates_.hold(update.node, std::move(next));
    return {1, 1};
}

std::vector<float> Scaffold::next(const Aggregate& aggregate)
{
    // Of each update, c_i: four FLOPs; model, update, c and c_i in, c_i out, twenty bytes and four. Its part in c: two
    // FLOPs on eight bytes. Then c, and the step.
    const auto parameters = static_cast<std::uint64_t>(round_.model->size());
    const std::uint64_t updates = variates_.held();
    work_ = {};
    work_.flops = parameters * (6 * updates + 4);
    work_.memory_bytes = parameters * (32 * updates + 28);
    work_.kernels = 2 * updates + 2;
    variates_.commit();
    const double rate = server_rate(rule_, round_.number);
    return ServerStep{*round_.model, aggregate}.times(rate, parts_);
}

}  // namespace fedgram::coordinator
