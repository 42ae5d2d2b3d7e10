#include "common/learning/native/padded_gradient.hpp"

#include <algorithm>

namespace fedgram::learning::native {

PaddedGradient::PaddedGradient(const GradientPhases& rows, const GradientPhases& columns, const ImageActivations& out)
    : out_{out},
      before_rows_{rows.before},
      behind_rows_{rows.behind},
      before_columns_{columns.before},
      behind_columns_{columns.behind}
{
}

void PaddedGradient::take(std::size_t sample)
{
    const ImageLayout& layout = out_.gradient_layout;
    const float* const from = out_.gradients.data() + layout.first_pixel(sample);
    const bool has_border = layout.kept > 0 && layout.border >= border();
    row_stride_ = layout.row_stride;
    first_ = border() == 0 || has_border ? from : copy(from);
}

const float* PaddedGradient::copy(const float* from)
{
    row_stride_ = (before_columns_ + out_.width + behind_columns_) * out_.channels;
    float* const to = room(values_, (before_rows_ + out_.height + behind_rows_) * row_stride_) +
                      before_rows_ * row_stride_ + before_columns_ * out_.channels;
    for (std::size_t row = 0; row < out_.height; ++row)
        std::copy_n(from + row * out_.gradient_layout.row_stride, out_.width * out_.channels, to + row * row_stride_);
    return to;
}

std::span<const float> PaddedGradient::reach() const
{
    const float* const begin = first_ - before_rows_ * row_stride_ - before_columns_ * out_.channels;
    const std::size_t rows = before_rows_ + out_.height + behind_rows_ - 1;
    return {begin, rows * row_stride_ + (before_columns_ + out_.width + behind_columns_) * out_.channels};
}

const float* PaddedGradient::window(const GradientPhase& row, const GradientPhase& column) const
{
    return first_ + row.offset * static_cast<std::ptrdiff_t>(row_stride_) +
           column.offset * static_cast<std::ptrdiff_t>(out_.channels);
}

}  // namespace fedgram::learning::native
