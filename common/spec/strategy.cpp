#include "common/spec/strategy.hpp"

namespace fedgram::spec {

double Strategy::proximal() const
{
    if (kind == StrategyKind::fedprox || kind == StrategyKind::fednova) return mu;
    return kind == StrategyKind::feddyn ? alpha : 0;
}

}  // namespace fedgram::spec
