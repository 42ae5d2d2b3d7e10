#include "common/spec/presum.hpp"

#include "common/spec/experiment.hpp"

namespace fedgram::spec {

namespace {

/// The strategies that weigh an update by its node's samples, and look at it no further.
bool sums_by_samples(const Strategy& strategy)
{
    switch (strategy.kind) {
        case StrategyKind::fedavg:
        case StrategyKind::fedprox:
        case StrategyKind::fedavgm:
        case StrategyKind::fedadagrad:
        case StrategyKind::fedadam:
        case StrategyKind::fedyogi:
            return true;
        case StrategyKind::scaffold:
        case StrategyKind::fednova:
        case StrategyKind::feddyn:
        case StrategyKind::q_fedavg:
            return false;
    }
    return false;
}

}  // namespace

bool may_presum(const Federated& training, bool is_local)
{
    const bool is_trusted = training.presum == Presum::all || (training.presum == Presum::local && is_local);
    return is_trusted && training.aggregation.kind == AggregationKind::mean && !training.buffered &&
           sums_by_samples(training.strategy) && training.compression.is_none() && !training.pruning &&
           !training.secure_aggregation && !training.privacy;
}

}  // namespace fedgram::spec
