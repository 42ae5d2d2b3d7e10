#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// What batch and group normalization have in common: passes over the rows of some samples' images, in which each
/// channel has its own coefficients. Coefficients are spread over a row, so that a row is one run whatever its
/// channels; a row's sums are folded by channel in double precision before they are long.
class RowNormalization {
public:
    /// Sums over pixels, one for each channel.
    struct Moments {
        std::vector<double> first;
        std::vector<double> second;
    };

    /// Coefficients of the inputs' gradient, one for each channel: see NormalizationSlopes.
    struct Slopes {
        std::vector<float> mean;
        std::vector<float> factor;
        std::vector<float> constant;
        std::vector<float> deviation;
    };

    /// Borrows the activations, which have the same channels and pixels.
    RowNormalization(const Kernels& kernels, Activation activation, ImageActivations& in, ImageActivations& out);

    [[nodiscard]] std::size_t pixels() const { return in_.height * in_.width; }
    [[nodiscard]] std::size_t channels() const { return in_.channels; }

    /// Begins new sums, about the channels' means over one sample's first row, so that variances lose no digits to a
    /// mean far from zero.
    void begin_moments(std::size_t sample);
    /// Adds the inputs less the shift, and their squares.
    void add_moments(Part part);
    [[nodiscard]] const std::vector<float>& shift() const { return shift_; }
    /// What has been added since the beginning, of the inputs or of the gradients.
    [[nodiscard]] const Moments& moments();

    /// out = in scale + offset, then the activation, for the parts to come.
    void set_scale(std::span<const float> scale, std::span<const float> offset);
    void apply(Part part);

    // Backward, with the scale and offset that the parts went forward by.

    /// Begins new sums, about these means.
    void begin_gradient_moments(std::span<const float> mean);
    /// Adds the gradients before the activation, and their products with the inputs less the mean.
    void add_gradient_moments(Part part);

    /// The inputs' gradients, for the parts to come.
    void set_slopes(const Slopes& slopes);
    void gradient(Part part);

private:
    /// Some rows of a sample's image.
    struct Rows {
        std::size_t sample = 0;
        std::size_t first = 0;
        std::size_t count = 0;
    };

    void begin_sums();
    void fold_sums();
    template <class Add>
    void sum_rows(Part part, const Add& add);
    [[nodiscard]] NormalizedRows rows_of(const Rows& rows) const;
    [[nodiscard]] NormalizedRows rows_with_gradients(const Rows& rows) const;

    const Kernels& kernels_;
    Activation activation_;
    ImageActivations& in_;
    ImageActivations& out_;
    std::size_t row_size_;
    std::vector<float> shift_;
    Moments moments_;
    std::size_t rows_ = 0;  // added since the last fold
    // Rows of coefficients, and of sums.
    AlignedFloats shift_row_;
    AlignedFloats scale_row_;
    AlignedFloats offset_row_;
    AlignedFloats mean_row_;
    AlignedFloats factor_row_;
    AlignedFloats constant_row_;
    AlignedFloats deviation_row_;
    AlignedFloats first_row_;
    AlignedFloats second_row_;
};

}  // namespace fedgram::learning::native
