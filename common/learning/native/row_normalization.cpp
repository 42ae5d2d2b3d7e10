#include "common/learning/native/row_normalization.hpp"

#include <algorithm>

#include "common/learning/native/channel_rows.hpp"

namespace fedgram::learning::native {

namespace {

// Single precision adds so many rows before they are folded.
constexpr std::size_t rows_at_once = 256;

}  // namespace

RowNormalization::RowNormalization(const Kernels& kernels, Activation activation, ImageActivations& in,
                                   ImageActivations& out)
    : kernels_{kernels},
      activation_{activation},
      in_{in},
      out_{out},
      row_size_{in.width * in.channels},
      shift_(in.channels)
{
    for (auto* row : {&shift_row_, &scale_row_, &offset_row_, &mean_row_, &factor_row_, &constant_row_, &deviation_row_,
                      &first_row_, &second_row_})
        row->resize(padded(row_size_));
}

NormalizedRows RowNormalization::rows_of(const Rows& rows) const
{
    return {.rows = rows.count,
            .count = row_size_,
            .x = in_.values.data() + in_.first_pixel(rows.sample) + rows.first * in_.row_stride,
            .x_stride = in_.row_stride,
            .scale = scale_row_.data(),
            .offset = offset_row_.data(),
            .activation = activation_};
}

NormalizedRows RowNormalization::rows_with_gradients(const Rows& rows) const
{
    auto normalized = rows_of(rows);
    normalized.gradients = out_.gradients.data() + out_.gradient_layout.first_pixel(rows.sample) +
                           rows.first * out_.gradient_layout.row_stride;
    normalized.gradient_stride = out_.gradient_layout.row_stride;
    return normalized;
}

void RowNormalization::begin_sums()
{
    moments_.first.assign(channels(), 0);
    moments_.second.assign(channels(), 0);
    std::fill(first_row_.begin(), first_row_.end(), 0.0F);
    std::fill(second_row_.begin(), second_row_.end(), 0.0F);
    rows_ = 0;
}

void RowNormalization::fold_sums()
{
    fold(first_row_.data(), row_size_, moments_.first);
    fold(second_row_.data(), row_size_, moments_.second);
    std::fill(first_row_.begin(), first_row_.end(), 0.0F);
    std::fill(second_row_.begin(), second_row_.end(), 0.0F);
    rows_ = 0;
}

const RowNormalization::Moments& RowNormalization::moments()
{
    fold_sums();
    return moments_;
}

template <class Add>
void RowNormalization::sum_rows(Part part, const Add& add)
{
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        for (Rows rows{.sample = sample}; rows.first < in_.height; rows.first += rows.count) {
            rows.count = std::min(in_.height - rows.first, rows_at_once - rows_);
            add(rows);
            rows_ += rows.count;
            if (rows_ == rows_at_once) fold_sums();
        }
}

void RowNormalization::begin_moments(std::size_t sample)
{
    begin_sums();
    fold(rows_of({.sample = sample}).x, row_size_, moments_.first);
    for (std::size_t channel = 0; channel < channels(); ++channel) {
        shift_[channel] = static_cast<float>(moments_.first[channel] / static_cast<double>(in_.width));
        moments_.first[channel] = 0;
    }
    spread(shift_, row_size_, shift_row_.data());
}

void RowNormalization::add_moments(Part part)
{
    sum_rows(part, [&](const Rows& rows) {
        kernels_.add_moments(rows_of(rows), shift_row_.data(), first_row_.data(), second_row_.data());
    });
}

void RowNormalization::set_scale(std::span<const float> scale, std::span<const float> offset)
{
    spread(scale, row_size_, scale_row_.data());
    spread(offset, row_size_, offset_row_.data());
}

void RowNormalization::apply(Part part)
{
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        kernels_.scale(rows_of({sample, 0, in_.height}), out_.values.data() + out_.first_pixel(sample),
                       out_.row_stride);
}

void RowNormalization::begin_gradient_moments(std::span<const float> mean)
{
    begin_sums();
    spread(mean, row_size_, mean_row_.data());
}

void RowNormalization::add_gradient_moments(Part part)
{
    sum_rows(part, [&](const Rows& rows) {
        kernels_.add_gradient_moments(rows_with_gradients(rows), mean_row_.data(), first_row_.data(),
                                      second_row_.data());
    });
}

void RowNormalization::set_slopes(const Slopes& slopes)
{
    spread(slopes.mean, row_size_, mean_row_.data());
    spread(slopes.factor, row_size_, factor_row_.data());
    spread(slopes.constant, row_size_, constant_row_.data());
    spread(slopes.deviation, row_size_, deviation_row_.data());
}

void RowNormalization::gradient(Part part)
{
    const NormalizationSlopes slopes{mean_row_.data(), factor_row_.data(), constant_row_.data(), deviation_row_.data()};
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        kernels_.normalization_gradient(rows_with_gradients({sample, 0, in_.height}), slopes,
                                        in_.gradients.data() + in_.gradient_layout.first_pixel(sample),
                                        in_.gradient_layout.row_stride);
}

}  // namespace fedgram::learning::native
