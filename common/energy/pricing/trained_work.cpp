#include "common/energy/pricing/trained_work.hpp"

namespace fedgram::energy {

Work trained_work(std::span<const PhaseWork> training)
{
    Work sum;
    for (const auto& each : training)
        if (each.phase == Phase::train && each.node) sum += each.work;
    return sum;
}

}  // namespace fedgram::energy
