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

std::size_t RowNormalization::in_at(std::size_t sample, std::size_t row) const
{
    return sample * in_.sample_stride + in_.corner + row * in_.row_stride;
}

std::size_t RowNormalization::out_at(std::size_t sample, std::size_t row) const
{
    return sample * out_.sample_stride + out_.corner + row * out_.row_stride;
}

NormalizedRow RowNormalization::normalized_row(std::size_t in_at, std::size_t out_at) const
{
    return {out_.gradients.data() + out_at, in_.values.data() + in_at, scale_row_.data(), offset_row_.data(),
            activation_};
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

template <class Row>
void RowNormalization::sum_rows(Part part, const Row& row)
{
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        for (std::size_t y = 0; y < in_.height; ++y) {
            row(in_at(sample, y), out_at(sample, y));
            if (++rows_ == rows_at_once) fold_sums();
        }
}

void RowNormalization::begin_moments(std::size_t sample)
{
    begin_sums();
    fold(in_.values.data() + in_at(sample, 0), row_size_, moments_.first);
    for (std::size_t channel = 0; channel < channels(); ++channel) {
        shift_[channel] = static_cast<float>(moments_.first[channel] / static_cast<double>(in_.width));
        moments_.first[channel] = 0;
    }
    spread(shift_, row_size_, shift_row_.data());
}

void RowNormalization::add_moments(Part part)
{
    sum_rows(part, [&](std::size_t in_at, std::size_t) {
        kernels_.add_moments(in_.values.data() + in_at, shift_row_.data(), row_size_, first_row_.data(),
                             second_row_.data());
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
        for (std::size_t y = 0; y < in_.height; ++y)
            kernels_.scale(in_.values.data() + in_at(sample, y), scale_row_.data(), offset_row_.data(), activation_,
                           row_size_, out_.values.data() + out_.place(sample) + out_.corner + y * out_.row_stride);
}

void RowNormalization::begin_gradient_moments(std::span<const float> mean)
{
    begin_sums();
    spread(mean, row_size_, mean_row_.data());
}

void RowNormalization::add_gradient_moments(Part part)
{
    sum_rows(part, [&](std::size_t in_at, std::size_t out_at) {
        kernels_.add_gradient_moments(normalized_row(in_at, out_at), mean_row_.data(), row_size_, first_row_.data(),
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
    const NormalizationSlopes of_row{mean_row_.data(), factor_row_.data(), constant_row_.data(), deviation_row_.data()};
    for (std::size_t sample = part.first; sample < part.end(); ++sample)
        for (std::size_t y = 0; y < in_.height; ++y)
            kernels_.normalization_gradient(normalized_row(in_at(sample, y), out_at(sample, y)), of_row, row_size_,
                                            in_.gradients.data() + in_at(sample, y));
}

}  // namespace fedgram::learning::native
