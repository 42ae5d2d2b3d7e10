#include "datasets/readers/hold_out.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include "common/random/stream.hpp"

namespace fedgram::datasets {

namespace {

template <class Element>
void keep(std::vector<Element>& elements, const std::vector<std::size_t>& samples, std::size_t per_sample)
{
    std::vector<Element> kept;
    kept.reserve(samples.size() * per_sample);
    for (const auto sample : samples) {
        const auto from = elements.begin() + static_cast<std::ptrdiff_t>(sample * per_sample);
        kept.insert(kept.end(), from, from + static_cast<std::ptrdiff_t>(per_sample));
    }
    elements = std::move(kept);
}

OwnedSplit part_of(OwnedSplit split, const std::vector<std::size_t>& samples)
{
    const auto count = split.labels.size();
    keep(split.pixels, samples, split.pixels.size() / count);
    keep(split.values, samples, split.values.size() / count);
    keep(split.labels, samples, 1);
    if (!split.nodes.empty()) keep(split.nodes, samples, 1);
    return split;
}

}  // namespace

std::pair<OwnedSplit, OwnedSplit> held_out(const OwnedSplit& all, double share, std::size_t classes)
{
    std::vector<std::vector<std::size_t>> by_class(classes);
    for (std::size_t i = 0; i < all.labels.size(); ++i) by_class[all.labels[i]].push_back(i);
    std::vector<std::size_t> train;
    std::vector<std::size_t> test;
    for (std::size_t label = 0; label < classes; ++label) {
        auto& samples = by_class[label];
        // A seed of its own: the test set stays the same for every experiment.
        Stream stream{0, Purpose::hold_out, 0, label};
        stream.shuffle(std::span{samples});
        auto count = static_cast<std::size_t>(std::llround(share * static_cast<double>(samples.size())));
        if (samples.size() > 1) count = std::clamp<std::size_t>(count, 1, samples.size() - 1);
        test.insert(test.end(), samples.begin(), samples.begin() + static_cast<std::ptrdiff_t>(count));
        train.insert(train.end(), samples.begin() + static_cast<std::ptrdiff_t>(count), samples.end());
    }
    std::ranges::sort(train);
    std::ranges::sort(test);
    return {part_of(all, train), part_of(all, test)};
}

}  // namespace fedgram::datasets
