#pragma once

#include <cstdint>

#include "common/learning/model/model.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// Throws SpecError where samples of this shape can't be skewed so: a quarter turn needs as many rows as columns.
void check_feature_skew(const spec::FeatureSkew& rule, const Shape& shape);

/// What one node's samples go through once they are normalized, so that nodes' features differ.
///
/// Noise: Gaussian, of deviation `deviation` x node / (nodes - 1), as feature noise is dealt out in NIID-Bench (Li et
/// al. 2022, arXiv:2102.02079). A sample has the same noise at a node each time. Rotation: by node modulo `turns` of
/// the turn's parts, counter-clockwise, as in rotated MNIST (Ghosh et al. 2020, arXiv:2006.04088).
class NodeSkew {
public:
    /// Throws as check_feature_skew does.
    NodeSkew(const spec::FeatureSkew& rule, const Shape& shape, std::uint64_t seed, std::uint32_t node,
             std::uint32_t nodes);

    /// Changes the features of one sample: channels x height x width floats. `sample` is its index in the training set.
    void apply(std::uint32_t sample, float* features) const;

private:
    Shape shape_;
    std::uint64_t seed_;
    std::uint32_t node_;
    double deviation_ = 0;
    std::uint32_t quarter_turns_ = 0;
};

}  // namespace fedgram::learning
