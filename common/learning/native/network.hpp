#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/model/model.hpp"
#include "common/learning/native/activations.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// A model's layers as stages with the activations between them: forward for a batch, and the gradient of its mean
/// cross-entropy. Nothing is allocated once it has trained on its largest batch, or evaluated one. Its results don't
/// depend on which other samples stand in a batch, and are the same bits by AVX2 and by AVX-512.
class Network {
public:
    /// For models of layers. Borrows `kernels`.
    Network(const Model& model, const Kernels& kernels);

    /// Borrows the parameters until the next call.
    void take(std::span<const float> parameters);
    /// The score of a batch.
    [[nodiscard]] Score evaluate(const Batch& batch);
    /// The mean magnitude of what the last layer gives for a batch, which needn't be logits.
    [[nodiscard]] double mean_output_magnitude(const Batch& batch);
    /// Writes the gradient of the batch's mean cross-entropy by all parameters; returns that loss.
    double gradient(const Batch& batch, std::span<float> gradient);
    /// Moves the model's buffers, such as running means, by the batch whose gradient was taken last.
    void track(std::span<float> parameters) const;
    /// Whether a training draws random numbers.
    [[nodiscard]] bool draws() const { return dropouts_ > 0; }
    /// What the next gradient draws them by.
    void draw_by(std::uint64_t seed, std::uint64_t step);

private:
    class Builder;

    void reserve(std::size_t samples);
    void take_images(const Batch& batch);

    const Kernels& kernels_;
    std::deque<Activations> activations_;   // stages hold references: they must not move
    std::size_t first_with_gradients_ = 0;  // activations before it need none: they come before the first parameters
    std::vector<std::unique_ptr<Stage>> stages_;
    std::uint64_t dropouts_ = 0;
    std::size_t capacity_ = 0;
    AlignedFloats image_;       // one, before its pixels are put in the stage's order
    AlignedFloats largest_;     // of each sample's logits
    AlignedFloats sums_;        // of exp(logit - largest)
    std::vector<double> logs_;  // of the sums
};

}  // namespace fedgram::learning::native
