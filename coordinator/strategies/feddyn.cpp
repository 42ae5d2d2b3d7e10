#include "coordinator/strategies/feddyn.hpp"

#include <algorithm>
#include <functional>

#include "coordinator/strategies/server_step.hpp"

namespace fedgram::coordinator {

FedDyn::FedDyn(const spec::Federated& rule, const learning::ParameterTable& parameters)
    : alpha_{rule.strategy.alpha}, parts_{parameters}, multipliers_{rule.nodes, parameters.size}
{
}

void FedDyn::begin(StrategyRound round)
{
    round_ = std::move(round);
    multipliers_.drop_held();
}

std::shared_ptr<const std::vector<float>> FedDyn::linear_term(std::uint32_t node) const
{
    const auto own = multipliers_.of(node);
    if (own.empty()) return nullptr;
    std::vector<float> term(own.size());
    std::ranges::transform(own, term.begin(), std::negate{});
    return std::make_shared<const std::vector<float>>(std::move(term));
}

Contribution FedDyn::take(const AcceptedUpdate& update)
{
    const auto own = multipliers_.of(update.node);
    const auto& model = *round_.model;
    std::vector<float> next(model.size());
    for (const auto& [begin, end] : parts_.parts())
        for (std::size_t i = begin; i < end; ++i) {
            const double moved = static_cast<double>(update.parameters[i]) - static_cast<double>(model[i]);
            const double before = own.empty() ? 0.0 : static_cast<double>(own[i]);
            next[i] = static_cast<float>(before - alpha_ * moved);
        }
    multipliers_.hold(update.node, std::move(next));
    return {1, 1};
}

std::vector<float> FedDyn::next(const Aggregate& aggregate)
{
    // Of each update, L_k: three FLOPs; model, update and L_k in, L_k out. Its part in h: two FLOPs on eight bytes.
    // Then h, and the step.
    const auto parameters = static_cast<std::uint64_t>(round_.model->size());
    const std::uint64_t updates = multipliers_.held();
    work_ = {};
    work_.flops = parameters * (5 * updates + 4);
    work_.memory_bytes = parameters * (24 * updates + 28);
    work_.kernels = 2 * updates + 2;
    multipliers_.commit();
    const ServerStep step{*round_.model, aggregate};
    const auto difference = step.difference();
    std::vector<double> change(difference.size());
    std::ranges::transform(difference, multipliers_.mean(), change.begin(),
                           [this](double each, double h) { return each - h / alpha_; });
    return step.taken(change, parts_);
}

}  // namespace fedgram::coordinator
