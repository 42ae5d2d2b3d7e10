#include "common/learning/native/padded_gradient.hpp"

#include <algorithm>

namespace fedgram::learning::native {

PaddedGradient::PaddedGradient(const GradientPhases& rows, const GradientPhases& columns, const ImageActivations& out)
    : out_{out},
      before_rows_{rows.before},
      before_columns_{columns.before},
      row_stride_{out.row_stride},
      copies_{rows.before + rows.behind + columns.before + columns.behind > 0}
{
    if (!copies_) return;
    row_stride_ = (columns.before + out.width + columns.behind) * out.channels;
    values_.resize((rows.before + out.height + rows.behind) * row_stride_ + lane_block);
}

void PaddedGradient::take(std::size_t sample)
{
    const float* const from = out_.gradients.data() + sample * out_.sample_stride + out_.corner;
    if (!copies_) {
        first_ = from;
        return;
    }
    float* const to = values_.data() + before_rows_ * row_stride_ + before_columns_ * out_.channels;
    for (std::size_t row = 0; row < out_.height; ++row)
        std::copy_n(from + row * out_.row_stride, out_.width * out_.channels, to + row * row_stride_);
    first_ = to;
}

std::span<const float> PaddedGradient::reach() const
{
    if (copies_) return std::span<const float>{values_}.first(values_.size() - lane_block);
    return {first_, (out_.height - 1) * row_stride_ + out_.width * out_.channels};
}

const float* PaddedGradient::window(const GradientPhase& row, const GradientPhase& column) const
{
    return first_ + row.offset * static_cast<std::ptrdiff_t>(row_stride_) +
           column.offset * static_cast<std::ptrdiff_t>(out_.channels);
}

}  // namespace fedgram::learning::native
