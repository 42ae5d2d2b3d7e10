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
    : kernels_{kernels}, activation_{activation}, in_{in}, out_{out}, row_size_{in.width * in.channels}
{
    for (auto& row : rows_) row.resize(padded(row_size_));
    for (auto& row : sums_) row.resize(padded(row_size_));
}

std::size_t RowNormalization::in_at(std::size_t sample, std::size_t row) const
{
    return sample * in_.sample_stride + in_.corner + row * in_.row_stride;
}

std::size_t RowNormalization::out_at(std::size_t sample, std::size_t row) const
{
    return sample * out_.sample_stride + out_.corner + row * out_.row_stride;
}

RowGradient RowNormalization::row_gradient(std::size_t out_at) const
{
    return {out_.gradients.data() + out_at, out_.values.data() + out_at, activation_};
}

std::span<const float> RowNormalization::shift_of(std::size_t sample)
{
    shift_sums_.assign(channels(), 0);
    shift_.resize(channels());
    fold(in_.values.data() + in_at(sample, 0), row_size_, shift_sums_);
    for (std::size_t channel = 0; channel < channels(); ++channel)
        shift_[channel] = static_cast<float>(shift_sums_[channel] / static_cast<double>(in_.width));
    return shift_;
}

template <class Row>
void RowNormalization::sum_rows(std::size_t first, std::size_t samples, Moments& sums, const Row& row)
{
    sums.first.assign(channels(), 0);
    sums.second.assign(channels(), 0);
    const auto fold_sums = [&] {
        fold(sums_[0].data(), row_size_, sums.first);
        fold(sums_[1].data(), row_size_, sums.second);
        for (auto& each : sums_) std::fill(each.begin(), each.end(), 0.0F);
    };
    for (auto& each : sums_) std::fill(each.begin(), each.end(), 0.0F);
    std::size_t rows = 0;
    for (std::size_t sample = first; sample < first + samples; ++sample)
        for (std::size_t y = 0; y < in_.height; ++y) {
            row(in_at(sample, y), out_at(sample, y));
            if (++rows % rows_at_once == 0) fold_sums();
        }
    fold_sums();
}

void RowNormalization::moments(std::size_t first, std::size_t samples, std::span<const float> shift, Moments& sums)
{
    spread(shift, row_size_, rows_[0].data());
    sum_rows(first, samples, sums, [&](std::size_t in_at, std::size_t) {
        kernels_.add_moments(in_.values.data() + in_at, rows_[0].data(), row_size_, sums_[0].data(), sums_[1].data());
    });
}

void RowNormalization::apply(std::size_t first, std::size_t samples, std::span<const float> scale,
                             std::span<const float> offset)
{
    spread(scale, row_size_, rows_[0].data());
    spread(offset, row_size_, rows_[1].data());
    for (std::size_t sample = first; sample < first + samples; ++sample)
        for (std::size_t y = 0; y < in_.height; ++y)
            kernels_.scale(in_.values.data() + in_at(sample, y), rows_[0].data(), rows_[1].data(), activation_,
                           row_size_, out_.values.data() + out_at(sample, y));
}

void RowNormalization::gradient_moments(std::size_t first, std::size_t samples, std::span<const float> mean,
                                        Moments& sums)
{
    spread(mean, row_size_, rows_[0].data());
    sum_rows(first, samples, sums, [&](std::size_t in_at, std::size_t out_at) {
        kernels_.add_gradient_moments(row_gradient(out_at), in_.values.data() + in_at, rows_[0].data(), row_size_,
                                      sums_[0].data(), sums_[1].data());
    });
}

void RowNormalization::gradient(std::size_t first, std::size_t samples, const Slopes& slopes)
{
    spread(slopes.mean, row_size_, rows_[0].data());
    spread(slopes.factor, row_size_, rows_[1].data());
    spread(slopes.constant, row_size_, rows_[2].data());
    spread(slopes.deviation, row_size_, rows_[3].data());
    const NormalizationSlopes of_row{rows_[0].data(), rows_[1].data(), rows_[2].data(), rows_[3].data()};
    for (std::size_t sample = first; sample < first + samples; ++sample)
        for (std::size_t y = 0; y < in_.height; ++y)
            kernels_.normalization_gradient(row_gradient(out_at(sample, y)), in_.values.data() + in_at(sample, y),
                                            of_row, row_size_, in_.gradients.data() + in_at(sample, y));
}

}  // namespace fedgram::learning::native
