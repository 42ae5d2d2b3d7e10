#pragma once

#include <cstdint>
#include <map>

#include "coordinator/strategies/stateless.hpp"

namespace fedgram::coordinator {

/// (loss / largest)^q: what an update counts in q-FedAvg, of 1. Both losses are above 0.
[[nodiscard]] double fair_weight(double loss, double largest, double q);

/// q-FedAvg's h of a node, over largest^q: weight (q / loss ||rate_inverse D||^2 + rate_inverse), D being the update's
/// difference to the model and `distance` its L2 norm.
[[nodiscard]] double fair_curvature(double weight, double loss, double q, double rate_inverse, double distance);

/// q-FedAvg (Li et al. 2020, arXiv:1905.10497, algorithm 2), with L = 1 / the local learning rate:
///
///     x + sum_k F_k^q L D_k / sum_k h_k,   h_k = q F_k^(q-1) ||L D_k||^2 + L F_k^q
///
/// F_k being the model's loss on all training samples of the node before it trains, and 1e-10 so that it is above 0.
/// All nodes of a cohort weigh alike. With q = 0 it is FedAvg of nodes that hold equally many samples.
class QFedAvg final : public StatelessNodes {
public:
    QFedAvg(const spec::Federated& rule, const learning::ParameterTable& parameters) : StatelessNodes{rule, parameters}
    {
    }

    void begin(StrategyRound round) override;
    [[nodiscard]] Contribution take(const AcceptedUpdate& update) override;
    [[nodiscard]] std::vector<float> next(const Aggregate& aggregate) override;
    [[nodiscard]] energy::Work work() const override;

private:
    [[nodiscard]] double loss_of(std::uint32_t node) const;

    double largest_ = 0;
    std::map<std::uint32_t, double> curvatures_;  // by node, so that their sum has one order
};

}  // namespace fedgram::coordinator
