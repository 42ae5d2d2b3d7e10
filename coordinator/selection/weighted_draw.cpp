#include "coordinator/selection/weighted_draw.hpp"

#include <algorithm>
#include <utility>

#include "common/random/portable_math.hpp"
#include "common/random/stream.hpp"

namespace fedgram::coordinator {

Lot lot_of(std::uint64_t seed, std::uint32_t round, std::uint32_t node)
{
    Stream stream{seed, Purpose::selection, round, node};
    const double draw = stream.uniform();
    return {draw, stream.uniform()};
}

std::vector<std::uint32_t> draw_weighted(std::uint64_t seed, std::uint32_t round, std::span<const WeightedNode> nodes,
                                         std::size_t size)
{
    std::vector<std::pair<double, std::uint32_t>> keys;
    keys.reserve(nodes.size());
    for (const auto& [node, weight] : nodes)
        if (weight > 0) keys.emplace_back(-portable::log(1 - lot_of(seed, round, node).draw) / weight, node);
    if (size < keys.size()) {
        std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(size), keys.end());
        keys.resize(size);
    }
    std::vector<std::uint32_t> drawn;
    drawn.reserve(keys.size());
    for (const auto& key : keys) drawn.push_back(key.second);
    std::sort(drawn.begin(), drawn.end());
    return drawn;
}

}  // namespace fedgram::coordinator
