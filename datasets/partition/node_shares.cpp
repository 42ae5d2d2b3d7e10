#include "datasets/partition/node_shares.hpp"

namespace fedgram::datasets {

std::uint64_t NodeShares::size(std::uint32_t node) const
{
    const auto* const dealt = std::get_if<Shares>(&shares_);
    return dealt ? dealt->at(node).size() : std::get<SampleDraws>(shares_).samples_per_node();
}

std::vector<std::uint32_t> NodeShares::samples(std::uint32_t node) const
{
    const auto* const dealt = std::get_if<Shares>(&shares_);
    return dealt ? dealt->at(node) : std::get<SampleDraws>(shares_).of(node);
}

}  // namespace fedgram::datasets
