#pragma once

#include <algorithm>
#include <cstddef>
#include <span>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/gradient_phases.hpp"

namespace fedgram::learning::native {

/// The gradient at a convolution's outputs with the zeros around it that the input's gradient wants, one sample at a
/// time: a copy, unless it is held with such a border.
class PaddedGradient {
public:
    /// Borrows the activations.
    PaddedGradient(const GradientPhases& rows, const GradientPhases& columns, const ImageActivations& out);

    /// The border of zeros with which no copy is made.
    [[nodiscard]] std::size_t border() const
    {
        return std::max({before_rows_, behind_rows_, before_columns_, behind_columns_});
    }
    /// Takes a sample's.
    void take(std::size_t sample);
    /// Where a phase's window begins at its first place.
    [[nodiscard]] const float* window(const GradientPhase& row, const GradientPhase& column) const;
    [[nodiscard]] std::size_t row_stride() const { return row_stride_; }
    /// All that the windows of the sample taken last reach.
    [[nodiscard]] std::span<const float> reach() const;

private:
    [[nodiscard]] const float* copy(const float* from);

    const ImageActivations& out_;
    std::size_t before_rows_;
    std::size_t behind_rows_;
    std::size_t before_columns_;
    std::size_t behind_columns_;
    std::size_t row_stride_ = 0;
    const float* first_ = nullptr;  // of the sample's first output
    AlignedFloats values_;          // of a copy
};

}  // namespace fedgram::learning::native
