#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"

namespace fedgram::learning::native {

/// What batch and group normalization have in common: passes over the rows of some samples' images, in which each
/// channel has its own coefficients. Coefficients are spread over a row, so that a row is one run whatever its
/// channels; a row's sums are folded by channel in double precision before they are long.
class RowNormalization {
public:
    /// Sums over some samples' pixels, one for each channel.
    struct Moments {
        std::vector<double> first;
        std::vector<double> second;
    };

    /// Borrows the activations, which have the same channels and pixels.
    RowNormalization(const Kernels& kernels, Activation activation, ImageActivations& in, ImageActivations& out);

    [[nodiscard]] std::size_t pixels() const { return in_.height * in_.width; }
    [[nodiscard]] std::size_t channels() const { return in_.channels; }

    /// The channels' means over one sample's first row. `moments` sums about them, so that variances lose no digits to
    /// a mean far from zero. Until the next call.
    [[nodiscard]] std::span<const float> shift_of(std::size_t sample);
    /// Of the inputs less the shift: their sum, and that of their squares.
    void moments(std::size_t first, std::size_t samples, std::span<const float> shift, Moments& sums);
    /// out = in scale + offset, then the activation.
    void apply(std::size_t first, std::size_t samples, std::span<const float> scale, std::span<const float> offset);
    /// Of the gradients before the activation: their sum, and that of their products with the inputs less the mean.
    void gradient_moments(std::size_t first, std::size_t samples, std::span<const float> mean, Moments& sums);
    struct Slopes {
        std::vector<float> mean;
        std::vector<float> factor;
        std::vector<float> constant;
        std::vector<float> deviation;
    };
    /// The inputs' gradients, by the coefficients of NormalizationSlopes.
    void gradient(std::size_t first, std::size_t samples, const Slopes& slopes);

private:
    template <class Row>
    void sum_rows(std::size_t first, std::size_t samples, Moments& sums, const Row& row);
    [[nodiscard]] RowGradient row_gradient(std::size_t out_at) const;
    [[nodiscard]] std::size_t in_at(std::size_t sample, std::size_t row) const;
    [[nodiscard]] std::size_t out_at(std::size_t sample, std::size_t row) const;

    const Kernels& kernels_;
    Activation activation_;
    ImageActivations& in_;
    ImageActivations& out_;
    std::size_t row_size_;
    AlignedFloats rows_[4];  // coefficients
    AlignedFloats sums_[2];
    std::vector<double> shift_sums_;
    std::vector<float> shift_;
};

}  // namespace fedgram::learning::native
