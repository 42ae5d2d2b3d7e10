#pragma once

namespace fedgram::learning {

/// How many times as many inputs and outputs a layer has as in the base model; a convolution's are channels.
struct WidthRatios {
    double fan_in = 1;
    double fan_out = 1;
};

/// What muP changes of one tensor against the standard parametrization. Where the model is as wide as its base, all are
/// exactly 1.
///
/// The rules are those of Yang et al. 2022 (arXiv:2203.03466), table 3. Its table 8, and the package `mup`, divide what
/// the output layer gives by its ratio m and start its weights m times as large; here the weights hold that factor
/// themselves, so that a model computes the same with and without muP. For SGD it is the same training, weight decay
/// included; for Adam but for its epsilon and its weight decay.
struct WidthScaling {
    double initial = 1;    ///< times the bound of the first values
    double sgd_rate = 1;   ///< times the learning rate
    double adam_rate = 1;  ///< times the learning rate
};

/// Of a weight. One whose inputs alone grow is an output layer's: sums over them must not grow with their number.
[[nodiscard]] WidthScaling mup_weight(WidthRatios ratios);

/// Of a bias, whose first values are as in the base model. It is a weight with one input.
[[nodiscard]] WidthScaling mup_bias(WidthRatios ratios);

}  // namespace fedgram::learning
