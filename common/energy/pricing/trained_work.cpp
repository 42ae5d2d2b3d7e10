#include "common/energy/pricing/trained_work.hpp"

namespace fedgram::carbon {

energy::Work trained_work(std::span<const energy::PhaseWork> training)
{
    energy::Work sum;
    for (const auto& each : training)
        if (each.phase == energy::Phase::train && each.node) sum += each.work;
    return sum;
}

}  // namespace fedgram::carbon
