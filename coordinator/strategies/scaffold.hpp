#pragma once

#include "coordinator/strategies/node_states.hpp"
#include "coordinator/strategies/strategy.hpp"

namespace fedgram::coordinator {

/// SCAFFOLD, option II (Karimireddy et al. 2020, arXiv:1910.06378): a node's steps go by g - c_i + c, and
///
///     c_i = c_i - c + (x - y_i) / (K_i rate),  K_i its steps;   c = the mean of all c_i;   x = x + rate_g mean (y_i -
///     x)
///
/// Nodes weigh alike, whatever they hold. The coordinator keeps each c_i: what it gets of an update is all that c_i
/// depends on, so that a node sends its parameters and no more, and c_i follows its node to every process. Between real
/// devices c comes down beside x, and c_i stays on the node: that is what the ledger counts.
class Scaffold final : public Strategy {
public:
    Scaffold(const spec::Federated& rule, const learning::ParameterTable& parameters);

    void begin(StrategyRound round) override;
    /// c - c_i; nothing while both are zero.
    [[nodiscard]] std::shared_ptr<const std::vector<float>> linear_term(std::uint32_t node) const override;
    [[nodiscard]] Contribution take(const AcceptedUpdate& update) override;
    [[nodiscard]] std::vector<float> next(const Aggregate& aggregate) override;
    [[nodiscard]] energy::Work work() const override { return work_; }
    void write(learning::StateWriter& state) const override { variates_.write(state); }
    void read(learning::StateReader& state) override { variates_.read(state); }

    [[nodiscard]] const NodeStates& variates() const { return variates_; }

private:
    const spec::Federated& rule_;
    TrainedParts parts_;
    NodeStates variates_;  // c_i, and their mean c
    StrategyRound round_;
    energy::Work work_;
};

}  // namespace fedgram::coordinator
