#include "datasets/partition/deal.hpp"

#include <algorithm>
#include <numeric>

namespace fedgram::datasets {

std::vector<std::uint32_t> all_indices(std::size_t size)
{
    std::vector<std::uint32_t> indices(size);
    std::iota(indices.begin(), indices.end(), 0U);
    return indices;
}

void deal(std::span<const std::uint32_t> samples, std::span<const std::uint32_t> counts, Shares& shares)
{
    for (std::size_t node = 0; node < counts.size(); ++node) {
        const auto mine = samples.first(counts[node]);
        shares[node].insert(shares[node].end(), mine.begin(), mine.end());
        samples = samples.subspan(counts[node]);
    }
}

void fill_empty_nodes(Shares& shares)
{
    for (auto& share : shares) {
        if (!share.empty()) continue;
        auto& largest = *std::max_element(shares.begin(), shares.end(),
                                          [](const auto& a, const auto& b) { return a.size() < b.size(); });
        share.push_back(largest.back());
        largest.pop_back();
    }
}

}  // namespace fedgram::datasets
