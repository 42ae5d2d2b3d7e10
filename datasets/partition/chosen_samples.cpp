#include "datasets/partition/chosen_samples.hpp"

#include <cstddef>

namespace fedgram::datasets {

namespace {

template <class Value>
void copy(std::span<const Value> from, std::size_t length, std::span<const std::uint32_t> indices,
          std::vector<Value>& to)
{
    if (from.empty()) return;
    to.reserve(indices.size() * length);
    for (const auto index : indices) {
        const auto sample = from.subspan(index * length, length);
        to.insert(to.end(), sample.begin(), sample.end());
    }
}

}  // namespace

OwnedSplit chosen_samples(const Dataset& data, std::span<const std::uint32_t> indices)
{
    const auto length = std::size_t{data.channels} * data.height * data.width;
    OwnedSplit chosen;
    copy(data.train.pixels, length, indices, chosen.pixels);
    copy(data.train.values, length, indices, chosen.values);
    copy(data.train.labels, 1, indices, chosen.labels);
    return chosen;
}

}  // namespace fedgram::datasets
