#pragma once

#include "coordinator/strategies/server_optimizer.hpp"
#include "coordinator/strategies/stateless.hpp"

namespace fedgram::coordinator {

/// FedAvgM, FedAdagrad, FedAdam, FedYogi: an optimizer on the server takes the aggregate's difference to the model for
/// a gradient, with plus sign (server_optimizer.hpp).
class ServerOptimized final : public StatelessNodes {
public:
    ServerOptimized(const spec::Federated& rule, const learning::ParameterTable& parameters)
        : StatelessNodes{rule, parameters}, optimizer_{rule.strategy, parameters.size}
    {
    }

    [[nodiscard]] std::vector<float> next(const Aggregate& aggregate) override;
    [[nodiscard]] energy::Work work() const override;
    void write(learning::StateWriter& state) const override { optimizer_.write(state); }
    void read(learning::StateReader& state) override { optimizer_.read(state); }

private:
    ServerOptimizer optimizer_;
};

}  // namespace fedgram::coordinator
