#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::learning {

/// A tensor whose weights share a few values. Code 0 is the value 0, whatever is trained: a pruned weight stays one.
/// Code c > 0 is centroids[c - 1].
struct SharedWeights {
    std::vector<std::uint8_t> codes;  ///< one a weight, none above the number of centroids
    std::vector<float> centroids;     ///< at most 255

    friend bool operator==(const SharedWeights&, const SharedWeights&) = default;
};

/// A code takes so many bits at most, and 1 at least.
inline constexpr unsigned most_weight_bits = 8;

/// The weights themselves.
[[nodiscard]] std::vector<float> expand(const SharedWeights& shared);

/// The loss's gradient by each centroid: the sum of those by its weights (Han et al. 2016, arXiv:1510.00149, section
/// 3.3), added up in double in the order of the weights. `gradients` has one for each weight.
[[nodiscard]] std::vector<float> centroid_gradients(const SharedWeights& shared, std::span<const float> gradients);

/// Where k-means begins (section 3.2 of the paper).
enum class FirstCentroids {
    linear,   ///< evenly from the smallest weight to the largest: the paper's choice, as it keeps the few large weights
    density,  ///< evenly by rank, so that many are where many weights are
};

/// Lets a tensor's weights share at most 2^bits - 1 values beside 0, by k-means over its weights other than 0. They
/// are its values themselves where it has no more of them. Else each weight goes to the nearest centroid, the lower one
/// of two, and each centroid to the mean of its weights, until none moves; after 10,000 turns, as it then is. A
/// centroid without weights is dropped. Throws SpecError unless `bits` is 1 to 8, and DataError for a weight that isn't
/// finite.
[[nodiscard]] SharedWeights share_weights(std::span<const float> weights, unsigned bits,
                                          FirstCentroids first = FirstCentroids::linear);

}  // namespace fedgram::learning
