#pragma once

#include <cstddef>
#include <vector>

namespace fedgram::learning::native {

/// One side of the gradient of a convolution's input. With a stride s the input's places fall into s phases: those of
/// one phase (phase, phase + s, ...) meet the same kernel places, and the outputs that they meet lie side by side. So
/// each phase is a convolution of the output's gradient, without a stride.
struct GradientPhase {
    std::size_t phase = 0;
    std::size_t count = 0;            ///< places of the input
    std::ptrdiff_t offset = 0;        ///< of the first output that the phase's first place meets; may be outside
    std::vector<std::size_t> places;  ///< of the kernel, in the order of the outputs; none: no gradient at all
};

/// The phases of one side, and how far beyond the outputs they reach.
struct GradientPhases {
    GradientPhases(std::size_t kernel, std::size_t stride, std::size_t padding, std::size_t input, std::size_t output);

    std::vector<GradientPhase> phases;
    std::size_t before = 0;  ///< zeros wanted before the first output
    std::size_t behind = 0;  ///< and behind the last one
};

}  // namespace fedgram::learning::native
