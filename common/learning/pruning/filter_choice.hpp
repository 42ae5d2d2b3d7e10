#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::learning {

/// Filters by their number within a layer, ascending; one list for each of `all_layers` of the model, in their order.
/// Those of a layer whose filters can't go are empty. A filter is a convolution's of one group, or a feature of a
/// hidden linear layer.
using FiltersByLayer = std::vector<std::vector<std::uint32_t>>;

/// By what a filter is judged: the sum of its weights' magnitudes (Li et al. 2016, arXiv:1608.08710), or their
/// Euclidean norm. The bias doesn't count.
using spec::FilterNorm;

/// Of each filter of a layer, which must have some; it is counted among `all_layers`.
[[nodiscard]] std::vector<double> filter_scores(const Model& model, std::span<const float> parameters,
                                                std::size_t layer, FilterNorm norm);

/// How many filters of each layer are `fraction` of them: to the nearest, halves to the even number, but one stays; 0
/// where none can go. Throws SpecError unless it is from 0 to below 1, and for a model that has no filters that can go.
[[nodiscard]] std::vector<std::uint32_t> filter_counts(const Model& model, double fraction);

/// In each layer so many filters as `counts` says, those with the lowest scores, of equal ones the last. Throws
/// SpecError where a layer would be left without filters, or for one whose filters can't go; DataError naming a weight
/// that isn't finite.
[[nodiscard]] FiltersByLayer weakest_filters(const Model& model, std::span<const float> parameters,
                                             std::span<const std::uint32_t> counts, FilterNorm norm);

}  // namespace fedgram::learning
