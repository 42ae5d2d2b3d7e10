#pragma once

#include <span>

namespace fedgram::learning::native {

/// What a larger model, the teacher, says of a batch, for a loss of two parts (Hinton et al. 2015, arXiv:1503.02531):
///
///     (1 - alpha) CE(labels, softmax(z)) + alpha T^2 CE(softmax(teacher / T), softmax(z / T))
///
/// with the logits z and the temperature T. The factor T^2 keeps the second gradient's size whatever the temperature.
struct SoftTargets {
    std::span<const float> logits;  ///< the teacher's: [sample][class]
    double temperature = 1;         ///< above 0
    double alpha = 0;               ///< in [0, 1]
};

}  // namespace fedgram::learning::native
