#pragma once

#include <cstddef>
#include <span>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/gradient_phases.hpp"

namespace fedgram::learning::native {

/// The gradient at a convolution's outputs with the zeros around it that the input's gradient wants, one sample at a
/// time.
class PaddedGradient {
public:
    /// Borrows the activations.
    PaddedGradient(const GradientPhases& rows, const GradientPhases& columns, const ImageActivations& out);

    /// Takes a sample's.
    void take(std::size_t sample);
    /// Where a phase's window begins at its first place.
    [[nodiscard]] const float* window(const GradientPhase& row, const GradientPhase& column) const;
    [[nodiscard]] std::size_t row_stride() const { return row_stride_; }
    /// All that the windows of the sample taken last reach.
    [[nodiscard]] std::span<const float> reach() const;

private:
    const ImageActivations& out_;
    std::size_t before_rows_;
    std::size_t before_columns_;
    std::size_t row_stride_;
    bool copies_;
    const float* first_ = nullptr;  // of the sample's first output
    AlignedFloats values_;
};

}  // namespace fedgram::learning::native
