#include "datasets/partition/sample_draws.hpp"

#include <algorithm>
#include <string>
#include <unordered_set>

#include "common/error/error.hpp"
#include "common/random/stream.hpp"

namespace fedgram::datasets {

namespace {

/// How many of `total` draws fall on each share.
std::vector<std::uint32_t> multinomial(std::uint32_t total, std::span<const double> shares, Stream& stream)
{
    std::vector<std::uint32_t> counts(shares.size());
    for (std::uint32_t i = 0; i < total; ++i) {
        double left = stream.uniform();
        std::size_t chosen = 0;
        // Rounding may leave the shares' sum just below 1: what is left falls on the last.
        while (chosen + 1 < shares.size() && left >= shares[chosen]) left -= shares[chosen++];
        ++counts[chosen];
    }
    return counts;
}

/// Appends `count` different samples of `pool`; every set of them is equally likely (Floyd's algorithm: Bentley
/// and Floyd 1987, "A sample of brilliance").
void draw(std::span<const std::uint32_t> pool, std::size_t count, Stream& stream, std::vector<std::uint32_t>& drawn)
{
    std::unordered_set<std::size_t> taken;  // only looked up: its order doesn't matter
    taken.reserve(count);
    for (std::size_t last = pool.size() - count; last < pool.size(); ++last) {
        const auto wanted = stream.below(last + 1);
        const auto place = taken.insert(wanted).second ? wanted : last;
        taken.insert(place);
        drawn.push_back(pool[place]);
    }
}

}  // namespace

SampleDraws::SampleDraws(std::span<const std::uint32_t> samples, std::span<const std::uint8_t> labels,
                         std::uint32_t classes, const spec::Partition& rule, std::uint64_t seed)
    : pools_(rule.mix_alpha ? classes : 1),
      samples_per_node_{rule.samples_per_node},
      alpha_{rule.mix_alpha.value_or(1)},
      seed_{seed}
{
    for (const auto sample : samples) pools_[rule.mix_alpha ? labels[sample] : 0].push_back(sample);
    std::erase_if(pools_, [](const auto& pool) { return pool.empty(); });
    const auto& smallest = *std::ranges::min_element(pools_, {}, [](const auto& pool) { return pool.size(); });
    if (samples_per_node_ > smallest.size())
        throw SpecError{"federated.partition.samples_per_node: " + std::to_string(samples_per_node_) +
                        " is more than the " + std::to_string(smallest.size()) +
                        (rule.mix_alpha ? " samples of the smallest class" : " training samples") +
                        ", and a node draws none twice; use 1 to " + std::to_string(smallest.size())};
}

std::vector<std::uint32_t> SampleDraws::of(std::uint32_t node) const
{
    Stream stream{seed_, Purpose::draws, 0, node};
    std::vector<std::uint32_t> counts{samples_per_node_};
    if (pools_.size() > 1) counts = multinomial(samples_per_node_, stream.dirichlet(alpha_, pools_.size()), stream);
    std::vector<std::uint32_t> drawn;
    drawn.reserve(samples_per_node_);
    for (std::size_t i = 0; i < pools_.size(); ++i) draw(pools_[i], counts[i], stream, drawn);
    std::ranges::sort(drawn);
    return drawn;
}

}  // namespace fedgram::datasets
