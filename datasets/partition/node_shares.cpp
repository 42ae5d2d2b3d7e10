#include "datasets/partition/node_shares.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "common/random/stream.hpp"

namespace fedgram::datasets {

std::uint64_t NodeShares::held(std::uint32_t node) const
{
    const auto* const dealt = std::get_if<Shares>(&shares_);
    return dealt ? dealt->at(node).size() : std::get<SampleDraws>(shares_).samples_per_node();
}

std::uint64_t NodeShares::test_size(std::uint32_t node) const
{
    const auto all = held(node);
    if (test_.share <= 0 || all < 2) return 0;
    const auto wanted = static_cast<std::uint64_t>(std::llround(test_.share * static_cast<double>(all)));
    return std::clamp<std::uint64_t>(wanted, 1, all - 1);
}

std::uint64_t NodeShares::total() const
{
    std::uint64_t sum = 0;
    for (std::uint32_t node = 0; node < nodes(); ++node) sum += size(node);
    return sum;
}

std::uint64_t NodeShares::size(std::uint32_t node) const { return held(node) - test_size(node); }

std::vector<std::uint32_t> NodeShares::part(std::uint32_t node, Part part) const
{
    const auto* const dealt = std::get_if<Shares>(&shares_);
    auto all = dealt ? dealt->at(node) : std::get<SampleDraws>(shares_).of(node);
    const auto tests = static_cast<std::ptrdiff_t>(test_size(node));
    if (tests > 0) Stream{test_.seed, Purpose::node_test, 0, node}.shuffle(std::span{all});
    const auto split = all.begin() + tests;
    std::vector<std::uint32_t> samples =
        part == Part::test ? std::vector(all.begin(), split) : std::vector(split, all.end());
    std::ranges::sort(samples);
    return samples;
}

std::vector<std::uint32_t> NodeShares::samples(std::uint32_t node) const { return part(node, Part::train); }

std::vector<std::uint32_t> NodeShares::test_samples(std::uint32_t node) const { return part(node, Part::test); }

}  // namespace fedgram::datasets
