#include "coordinator/selection/cohort.hpp"

#include <algorithm>
#include <numeric>

#include "common/random/stream.hpp"

namespace fedgram::coordinator {

std::vector<std::uint32_t> draw_cohort(std::uint64_t seed, std::uint32_t round, std::uint32_t nodes, std::uint32_t size)
{
    std::vector<std::uint32_t> all(nodes);
    std::iota(all.begin(), all.end(), 0u);
    if (size == nodes) return all;
    Stream{seed, Purpose::cohort, round}.shuffle(std::span{all});
    all.resize(size);
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace fedgram::coordinator
