#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "common/learning/training/optimizer.hpp"
#include "coordinator/aggregation/aggregator.hpp"
#include "coordinator/strategies/scaled_update.hpp"
#include "coordinator/strategies/strategy.hpp"

namespace fedgram::coordinator::test {

inline learning::ParameterTable two_parameters()
{
    learning::ParameterTable table;
    table.slots.push_back({"w", {2}, 0, 2, 1, {}});
    table.size = 2;
    return table;
}

/// A node whose gradient is (a (w1 - b), c (w2 - d)).
struct Quadratic {
    float a = 1;
    float b = 0;
    float c = 1;
    float d = 0;
    std::uint64_t steps = 2;
    std::uint64_t samples = 1;
};

/// Two nodes whose optima differ: the optimum of their mean is (-0.5, 1.5).
inline std::vector<Quadratic> two_nodes() { return {{1, 1, 3, 2}, {3, -1, 1, 0}}; }

/// Rounds of a strategy from (0, 0), in which all of `nodes` take part, at a local rate of 0.1.
class Rounds {
public:
    Rounds(Strategy& strategy, const spec::Federated& rule, std::vector<Quadratic> nodes)
        : strategy_{strategy}, rule_{rule}, nodes_{std::move(nodes)}
    {
    }

    /// The model behind one more round.
    std::vector<float> next()
    {
        StrategyRound round{.number = ++number_, .model = model_, .local_rate = 0.1};
        for (const auto& node : nodes_) round.most_steps = std::max(round.most_steps, node.steps);
        round.losses = losses;
        strategy_.begin(round);
        const auto aggregator = make_aggregator(rule_.aggregation, *model_);
        for (std::uint32_t node = 0; node < nodes_.size(); ++node) {
            const auto update = trained(node);
            const auto [scale, weight] = strategy_.take({node, update, nodes_[node].samples, nodes_[node].steps});
            aggregator->add(scaled_update(*model_, update, scale, TrainedParts{two_parameters()}), weight);
        }
        model_ = std::make_shared<const std::vector<float>>(strategy_.next(*aggregator));
        return *model_;
    }

    std::vector<std::pair<std::uint32_t, double>> losses{};

private:
    [[nodiscard]] std::vector<float> trained(std::uint32_t node) const
    {
        const auto& [a, b, c, d, steps, samples] = nodes_[node];
        const auto linear = strategy_.linear_term(node);
        learning::GradientCorrection correction{.linear = {}, .proximal = rule_.strategy.proximal(), .origin = *model_};
        if (linear) correction.linear = *linear;
        learning::FlatOptimizer optimizer{rule_.optimizer, two_parameters()};
        optimizer.reset(correction);
        auto w = *model_;
        for (std::uint64_t step = 0; step < steps; ++step) {
            std::vector<float> gradient{a * (w[0] - b), c * (w[1] - d)};
            const learning::Gradient whole{0, gradient};
            optimizer.step(w, std::span{&whole, 1}, 0.1);
        }
        return w;
    }

    Strategy& strategy_;
    const spec::Federated& rule_;
    std::vector<Quadratic> nodes_;
    std::uint32_t number_ = 0;
    std::shared_ptr<const std::vector<float>> model_ = std::make_shared<const std::vector<float>>(2, 0.0F);
};

}  // namespace fedgram::coordinator::test
