#include "common/carbon/trained_work.hpp"

namespace fedgram::carbon {

energy::Work trained_work(std::span<const energy::LedgerLine> lines)
{
    energy::Work sum;
    for (const auto& line : lines)
        if (line.phase == energy::Phase::train && line.node && !line.wasted) sum += line.work;
    return sum;
}

}  // namespace fedgram::carbon
