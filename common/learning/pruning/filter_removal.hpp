#pragma once

#include <span>
#include <vector>

#include "common/learning/model/model.hpp"
#include "common/learning/pruning/filter_choice.hpp"

namespace fedgram::learning {

/// Sets the weights and biases of these filters to 0. Then they give 0 whatever comes in, and can be removed from any
/// model without changing what it computes.
void zero_filters(const Model& model, const FiltersByLayer& filters, std::span<float> parameters);

struct SmallerModel {
    spec::ModelSpec spec;  ///< its layers are listed
    std::vector<float> parameters;
};

/// The same model without these filters, whose weights must be 0, and without what the next layer made of them: a
/// filter's channel is k x k weights of each filter of a convolution, and behind a flattening one column for each of
/// its pixels. The logits agree to rounding: a filter whose weights are 0 still gives its bias, as the activation
/// leaves it, at each pixel, and this constant goes into the next layer's biases.
///
/// Throws SpecError for a filter whose weights aren't 0, for one of the last layer, for all filters of a layer; and
/// where a constant other than 0 meets a convolution that pads, whose border doesn't get all of it, so that no bias
/// can stand for it. After `zero_filters` only the second and third can happen.
[[nodiscard]] SmallerModel remove_filters(const spec::ModelSpec& spec, Shape shape, std::span<const float> parameters,
                                          const FiltersByLayer& filters);

}  // namespace fedgram::learning
