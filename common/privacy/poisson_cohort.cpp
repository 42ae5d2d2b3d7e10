#include "common/privacy/poisson_cohort.hpp"

#include <cassert>

#include "common/random/stream.hpp"

namespace fedgram::privacy {

std::vector<std::uint32_t> poisson_cohort(std::uint64_t seed, std::uint32_t round, std::uint32_t nodes, double q)
{
    assert(q >= 0 && q <= 1);
    Stream coins{seed, Purpose::poisson_cohort, round};
    std::vector<std::uint32_t> cohort;
    for (std::uint32_t node = 0; node < nodes; ++node)
        if (coins.uniform() < q) cohort.push_back(node);
    return cohort;
}

}  // namespace fedgram::privacy
