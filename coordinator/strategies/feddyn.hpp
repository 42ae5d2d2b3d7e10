#pragma once

#include "coordinator/strategies/node_states.hpp"
#include "coordinator/strategies/strategy.hpp"

namespace fedgram::coordinator {

/// FedDyn (Acar et al. 2021, arXiv:2111.04263): a node's loss has - <L_k, w> + (alpha / 2) ||w - x||^2 beside the
/// data's, and
///
///     L_k = L_k - alpha (y_k - x);   h = the mean of all L_k;   x = mean y_k - h / alpha
///
/// Nodes weigh alike, whatever they hold. The coordinator keeps each L_k, which its updates determine, so that no more
/// than the parameters goes either way.
class FedDyn final : public Strategy {
public:
    FedDyn(const spec::Federated& rule, const learning::ParameterTable& parameters);

    void begin(StrategyRound round) override;
    /// -L_k; nothing while it is zero.
    [[nodiscard]] std::shared_ptr<const std::vector<float>> linear_term(std::uint32_t node) const override;
    [[nodiscard]] Contribution take(const AcceptedUpdate& update) override;
    [[nodiscard]] std::vector<float> next(const Aggregate& aggregate) override;
    [[nodiscard]] energy::Work work() const override { return work_; }
    void write(learning::StateWriter& state) const override { multipliers_.write(state); }
    void read(learning::StateReader& state) override { multipliers_.read(state); }

    [[nodiscard]] const NodeStates& multipliers() const { return multipliers_; }

private:
    double alpha_;
    TrainedParts parts_;
    NodeStates multipliers_;  // L_k, and their mean h
    StrategyRound round_;
    energy::Work work_;
};

}  // namespace fedgram::coordinator
