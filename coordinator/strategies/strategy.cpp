#include "coordinator/strategies/strategy.hpp"

#include "coordinator/strategies/averaging.hpp"
#include "coordinator/strategies/feddyn.hpp"
#include "coordinator/strategies/fednova.hpp"
#include "coordinator/strategies/q_fedavg.hpp"
#include "coordinator/strategies/scaffold.hpp"
#include "coordinator/strategies/server_optimized.hpp"

namespace fedgram::coordinator {

std::unique_ptr<Strategy> make_strategy(const spec::Federated& rule, const learning::ParameterTable& parameters)
{
    switch (rule.strategy.kind) {
        case spec::StrategyKind::fedavg:
        case spec::StrategyKind::fedprox:
            break;
        case spec::StrategyKind::fedavgm:
        case spec::StrategyKind::fedadagrad:
        case spec::StrategyKind::fedadam:
        case spec::StrategyKind::fedyogi:
            return std::make_unique<ServerOptimized>(rule, parameters);
        case spec::StrategyKind::scaffold:
            return std::make_unique<Scaffold>(rule, parameters);
        case spec::StrategyKind::fednova:
            return std::make_unique<FedNova>(rule, parameters);
        case spec::StrategyKind::feddyn:
            return std::make_unique<FedDyn>(rule, parameters);
        case spec::StrategyKind::q_fedavg:
            return std::make_unique<QFedAvg>(rule, parameters);
    }
    return std::make_unique<Averaging>(rule, parameters);
}

bool needs_losses(const spec::Strategy& rule) { return rule.kind == spec::StrategyKind::q_fedavg && rule.q != 0; }

}  // namespace fedgram::coordinator
