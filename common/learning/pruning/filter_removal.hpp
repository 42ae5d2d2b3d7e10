#pragma once

#include <span>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/learning/pruning/filter_choice.hpp"

namespace fedgram::learning {

/// Sets the weights and biases of these filters to 0, and those of their channels in batch normalizations and depthwise
/// convolutions behind them. Then they give 0 whatever comes in, and can be removed from any model without changing
/// what it computes.
void zero_filters(const Model& model, const FiltersByLayer& filters, std::span<float> parameters);

struct SmallerModel {
    spec::ModelSpec spec;  ///< its layers are listed
    std::vector<float> parameters;
};

/// The same model without these filters, whose weights must be 0, and without what other layers made of them: a
/// filter's channel is four numbers of a batch normalization and a filter of a depthwise convolution on its way to the
/// next layer; there, k x k weights of each filter of a convolution, and behind a flattening one column for each of its
/// pixels. The logits agree to rounding: a filter whose weights are 0 still gives its bias, as what lies on the way
/// leaves it, at each pixel, and this constant goes into the next layer's biases, or out of the means of the batch
/// normalization behind it where it has none.
///
/// Throws SpecError for a filter whose weights aren't 0, for one of a layer whose filters can't go, for all filters of
/// a layer; and for a constant other than 0 that meets a convolution that pads, whose border doesn't get all of it, so
/// that no bias can stand for it, or a layer with neither biases nor a batch normalization. After `zero_filters` only
/// the second and third can happen.
[[nodiscard]] SmallerModel remove_filters(const spec::ModelSpec& spec, Shape shape, std::span<const float> parameters,
                                          const FiltersByLayer& filters);

}  // namespace fedgram::learning
