#pragma once

#include <cstdint>
#include <map>

#include "coordinator/strategies/stateless.hpp"

namespace fedgram::coordinator {

/// The factor a of FedNova: how far `steps` local steps of SGD go in units of one gradient and the learning rate,
///
///     plain      a = steps
///     momentum   the running sum of c = momentum c + 1
///     proximal   a = a (1 - rate mu) + 1, step by step
///
/// One of momentum and `rate_mu` is 0.
[[nodiscard]] double normalized_steps(std::uint64_t steps, double momentum, double rate_mu);

/// FedNova (Wang et al. 2020, arXiv:2007.07481): x + tau sum_i p_i D_i / a_i, the p_i being shares of samples, D_i the
/// updates' differences, and tau = sum_i p_i a_i, of the proximal form sum_i p_i steps_i. Each D_i enters the mean
/// times a / a_i, a being that of the node with the most steps, and the mean's difference counts tau / a: so that where
/// all nodes take as many steps it is FedAvg, bit for bit.
class FedNova final : public StatelessNodes {
public:
    FedNova(const spec::Federated& rule, const learning::ParameterTable& parameters) : StatelessNodes{rule, parameters}
    {
    }

    void begin(StrategyRound round) override;
    [[nodiscard]] Contribution take(const AcceptedUpdate& update) override;
    [[nodiscard]] std::vector<float> next(const Aggregate& aggregate) override;
    [[nodiscard]] energy::Work work() const override;

private:
    struct Taken {
        std::uint64_t samples = 0;
        double effective_steps = 0;  // that count for tau
    };

    [[nodiscard]] double factor_of(std::uint64_t steps) const;

    std::map<std::uint32_t, Taken> taken_;  // by node, so that sums have one order
    std::uint64_t scaled_ = 0;              // updates of the round
};

}  // namespace fedgram::coordinator
