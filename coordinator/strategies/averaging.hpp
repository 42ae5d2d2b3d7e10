#pragma once

#include "coordinator/strategies/stateless.hpp"

namespace fedgram::coordinator {

/// FedAvg (McMahan et al. 2017, arXiv:1602.05629), and FedProx (Li et al. 2020, arXiv:1812.06127), whose difference
/// lies in the local loss: the aggregate is the next model, or lies as far as the server's rate says.
class Averaging final : public StatelessNodes {
public:
    Averaging(const spec::Federated& rule, const learning::ParameterTable& parameters)
        : StatelessNodes{rule, parameters}
    {
    }

    [[nodiscard]] std::vector<float> next(const Aggregate& aggregate) override;
    [[nodiscard]] energy::Work work() const override;

private:
    double rate_ = 1;  // of the round
};

}  // namespace fedgram::coordinator
