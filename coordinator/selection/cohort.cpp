#include "coordinator/selection/cohort.hpp"

#include <algorithm>
#include <numeric>

#include "common/random/stream.hpp"

namespace fedgram::coordinator {

std::vector<std::uint32_t> draw_cohort(std::uint64_t seed, std::uint32_t round, std::uint32_t nodes, std::uint32_t size)
{
    std::vector<std::uint32_t> all(nodes);
    std::iota(all.begin(), all.end(), 0u);
    return draw_cohort(seed, round, all, size);
}

std::vector<std::uint32_t> draw_cohort(std::uint64_t seed, std::uint32_t round, std::span<const std::uint32_t> nodes,
                                       std::size_t size)
{
    if (size >= nodes.size()) return {nodes.begin(), nodes.end()};
    auto drawn = shuffled_nodes(seed, round, nodes);
    drawn.resize(size);
    std::sort(drawn.begin(), drawn.end());
    return drawn;
}

std::vector<std::uint32_t> shuffled_nodes(std::uint64_t seed, std::uint32_t round, std::span<const std::uint32_t> nodes)
{
    std::vector<std::uint32_t> shuffled{nodes.begin(), nodes.end()};
    Stream{seed, Purpose::cohort, round}.shuffle(std::span{shuffled});
    return shuffled;
}

}  // namespace fedgram::coordinator
