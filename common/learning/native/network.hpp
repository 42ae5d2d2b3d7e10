#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include "common/learning/engine/engine.hpp"
#include "common/learning/model/model.hpp"
#include "common/learning/native/activation_view.hpp"
#include "common/learning/native/activations.hpp"
#include "common/learning/native/bf16_kernels.hpp"
#include "common/learning/native/gradient_memory.hpp"
#include "common/learning/native/kernels.hpp"
#include "common/learning/native/soft_targets.hpp"
#include "common/learning/native/stage.hpp"

namespace fedgram::learning::native {

/// A model's layers as stages with the activations between them: forward for a batch, and the gradient of its mean
/// cross-entropy. Nothing is allocated once it has trained on its largest batch, or evaluated one. Its results don't
/// depend on which other samples stand in a batch, and are the same bits by AVX2 and by AVX-512.
class Network {
public:
    /// For models of layers. Borrows the kernels, and a view of activations, if there is one. With `bf16` the products
    /// of a gradient are in bfloat16; evaluations are in float32.
    explicit Network(const Model& model, const Kernels& kernels, const Bf16Kernels* bf16 = nullptr,
                     const ViewedPoints& points = {});

    /// Borrows the parameters until the next call.
    void take(std::span<const float> parameters);
    /// The score of a batch.
    [[nodiscard]] Score evaluate(const Batch& batch);
    /// The mean magnitude of what the last layer gives for a batch, which needn't be logits.
    [[nodiscard]] double mean_output_magnitude(const Batch& batch);
    /// Writes the gradient of the batch's mean cross-entropy by all parameters; returns that loss.
    double gradient(const Batch& batch, std::span<float> gradient);
    /// The same of a loss that soft targets have a part in. They are one for each of the batch's samples.
    double gradient(const Batch& batch, const SoftTargets& soft, std::span<float> gradient);
    /// What the last layer gives for a batch, sample by sample: [features], or [channels][height][width] of an image.
    void outputs(const Batch& batch, std::span<float> to);
    /// Moves the model's buffers, such as running means, by the batch whose gradient was taken last.
    void track(std::span<float> parameters) const;
    /// So many samples are best evaluated at once: few enough that their activations stay in the cache.
    [[nodiscard]] std::size_t evaluation_part() const;
    /// Whether a training draws random numbers.
    [[nodiscard]] bool draws() const { return dropouts_ > 0; }
    /// What the next gradient draws them by.
    void draw_by(std::uint64_t seed, std::uint64_t step);

private:
    class Builder;

    void reserve(std::size_t samples);
    void take_images(const Batch& batch);
    void forward(std::size_t samples);
    void evaluate(std::size_t samples);
    void backward(std::size_t samples, std::span<float> gradient);
    double cross_entropy(const Batch& batch, float share);
    double add_soft_targets(std::size_t samples, const SoftTargets& soft, float share);
    /// From the logits' gradients on.
    void backward_loss(std::size_t samples, std::span<float> gradient);
    /// Calls `f` for each part of a batch.
    template <class F>
    void for_each_part(std::size_t samples, const F& f) const;
    /// The stage, if there is one that goes by parts.
    [[nodiscard]] StageByParts* by_parts(std::size_t stage) const
    {
        return stage < by_parts_.size() ? by_parts_[stage] : nullptr;
    }

    const Kernels& kernels_;
    const Bf16Kernels* bf16_;
    std::deque<Activations> activations_;   // stages hold references: they must not move
    AlignedFloats values_;                  // of all activations
    std::size_t first_with_gradients_ = 0;  // activations before it need none: they come before the first parameters
    GradientMemory gradients_;
    std::vector<std::unique_ptr<Stage>> stages_;
    std::vector<StageByParts*> by_parts_;  // the same; null for those that take a batch whole
    std::size_t part_size_ = 1;            // samples of a part
    std::uint64_t dropouts_ = 0;
    std::size_t capacity_ = 0;
    AlignedFloats image_;       // one, before its pixels are put in the stage's order
    AlignedFloats largest_;     // of each sample's logits
    AlignedFloats sums_;        // of exp(logit - largest)
    std::vector<double> logs_;  // of the sums
    AlignedFloats soft_;        // soft targets alone: logits over the temperature, and two kinds of probabilities
};

}  // namespace fedgram::learning::native
