#include "common/learning/weight_sharing/shared_weights.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <string>

#include "common/error/error.hpp"

namespace fedgram::learning {

namespace {

/// The weights other than 0, in ascending order.
std::vector<float> ascending(std::span<const float> weights)
{
    std::vector<float> kept;
    kept.reserve(weights.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
        if (!std::isfinite(weights[i]))
            throw DataError{"weight " + std::to_string(i) + " is " + std::to_string(weights[i]) +
                            "; weights that share values must be finite"};
        if (weights[i] != 0) kept.push_back(weights[i]);
    }
    std::ranges::sort(kept);
    return kept;
}

std::vector<double> first_centroids(std::span<const float> kept, std::size_t count, FirstCentroids first)
{
    std::vector<double> centroids(count);
    const double low = kept.front();
    const double high = kept.back();
    for (std::size_t c = 0; c < count; ++c)
        centroids[c] = first == FirstCentroids::density ? kept[(2 * c + 1) * kept.size() / (2 * count)]
                       : count == 1                     ? low
                                    : low + (high - low) * static_cast<double>(c) / static_cast<double>(count - 1);
    return centroids;
}

/// Where each centroid's weights begin among those in ascending order, and where the last one's end.
using Ranges = std::vector<std::size_t>;

Ranges nearest(std::span<const float> kept, std::span<const double> centroids)
{
    Ranges ranges{0};
    for (std::size_t c = 1; c < centroids.size(); ++c) {
        const auto middle = (centroids[c - 1] + centroids[c]) / 2;
        const auto above = std::upper_bound(kept.begin() + static_cast<std::ptrdiff_t>(ranges.back()), kept.end(),
                                            middle, [](double bound, float weight) { return bound < weight; });
        ranges.push_back(static_cast<std::size_t>(above - kept.begin()));
    }
    ranges.push_back(kept.size());
    return ranges;
}

/// Lloyd's algorithm. In one dimension a centroid's weights are a range, so that a turn costs a search for each
/// centroid, however many weights there are.
Ranges clustered(std::span<const float> kept, std::size_t count, FirstCentroids first)
{
    constexpr int most_turns = 10'000;
    std::vector<double> sums(kept.size() + 1);
    for (std::size_t i = 0; i < kept.size(); ++i) sums[i + 1] = sums[i] + kept[i];
    auto centroids = first_centroids(kept, count, first);
    auto ranges = nearest(kept, centroids);
    for (int turn = 1; turn < most_turns; ++turn) {
        for (std::size_t c = 0; c < count; ++c) {
            const auto begin = ranges[c];
            const auto end = ranges[c + 1];
            if (begin == end) continue;
            const auto mean = (sums[end] - sums[begin]) / static_cast<double>(end - begin);
            // A difference of sums may round to outside of its range, and centroids must stay in order.
            centroids[c] = std::clamp<double>(mean, kept[begin], kept[end - 1]);
        }
        auto next = nearest(kept, centroids);
        if (next == ranges) break;
        ranges = std::move(next);
    }
    return ranges;
}

/// A range for each value that occurs, as long as there are no more of them than `most`; else nothing.
Ranges of_equal(std::span<const float> kept, std::size_t most)
{
    Ranges ranges;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        if (i > 0 && kept[i] == kept[i - 1]) continue;
        if (ranges.size() == most) return {};
        ranges.push_back(i);
    }
    ranges.push_back(kept.size());
    return ranges;
}

float mean(std::span<const float> weights)
{
    const auto sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    return static_cast<float>(sum / static_cast<double>(weights.size()));
}

}  // namespace

std::vector<float> expand(const SharedWeights& shared)
{
    std::vector<float> weights(shared.codes.size());
    for (std::size_t i = 0; i < weights.size(); ++i) {
        assert(shared.codes[i] <= shared.centroids.size());
        weights[i] = shared.codes[i] == 0 ? 0.0f : shared.centroids[shared.codes[i] - 1U];
    }
    return weights;
}

std::vector<float> centroid_gradients(const SharedWeights& shared, std::span<const float> gradients)
{
    assert(gradients.size() == shared.codes.size());
    std::vector<double> sums(shared.centroids.size() + 1);
    for (std::size_t i = 0; i < gradients.size(); ++i) sums[shared.codes[i]] += gradients[i];
    std::vector<float> result(shared.centroids.size());
    std::transform(sums.begin() + 1, sums.end(), result.begin(), [](double sum) { return static_cast<float>(sum); });
    return result;
}

SharedWeights share_weights(std::span<const float> weights, unsigned bits, FirstCentroids first)
{
    if (bits < 1 || bits > most_weight_bits)
        throw SpecError{"weight bits: " + std::to_string(bits) + " is not valid; use 1 to " +
                        std::to_string(most_weight_bits)};
    const auto kept = ascending(weights);
    const auto most = (std::size_t{1} << bits) - 1;
    auto ranges = of_equal(kept, most);
    if (ranges.empty()) ranges = clustered(kept, most, first);

    SharedWeights shared;
    std::vector<float> lowest;  // of each centroid's weights
    for (std::size_t c = 0; c + 1 < ranges.size(); ++c) {
        if (ranges[c] == ranges[c + 1]) continue;
        lowest.push_back(kept[ranges[c]]);
        shared.centroids.push_back(mean(std::span{kept}.subspan(ranges[c], ranges[c + 1] - ranges[c])));
    }
    shared.codes.resize(weights.size());
    std::ranges::transform(weights, shared.codes.begin(), [&](float weight) {
        return weight == 0 ? std::uint8_t{0}
                           : static_cast<std::uint8_t>(std::ranges::upper_bound(lowest, weight) - lowest.begin());
    });
    return shared;
}

}  // namespace fedgram::learning
