#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/engine/gradient_correction.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// The gradient of the parameters from `offset` on.
struct Gradient {
    std::size_t offset = 0;
    std::span<float> values;
};

/// What the learning rate is multiplied by for a tensor: 1 but for muP's. Its weight decay is divided by it, so that
/// the product of both is the same at every width.
[[nodiscard]] double rate_factor(const WidthScaling& scaling, spec::OptimizerKind optimizer);

/// What a gradient of this norm is multiplied by so that it is no longer than `limit`, to within 1e-6 of it.
[[nodiscard]] double clip_factor(double norm, double limit);

/// SGD, Adam and AdamW exactly as torch.optim defines them, over the flat array of a model's parameters: parameters,
/// gradients and state pass through the cores once a step.
///
///     SGD       d = g + weight_decay p;  b = momentum b + d;  p -= rate b
///     Nesterov  the same but for  p -= rate (d + momentum b)
///     Adam      d = g + weight_decay p;  m = 0.9 m + 0.1 d;  v = 0.999 v + 0.001 d^2
///               p -= rate / (1 - 0.9^t) m / (sqrt(v) / sqrt(1 - 0.999^t) + 1e-8)
///     AdamW     Adam with d = g, behind  p *= 1 - rate weight_decay
///
/// with all state zero at first, which makes SGD's first step b = d. Tensors have rates of their own by `rate_factor`.
///
/// With a `gradient_clip` g is the batch's gradient times min(1, gradient_clip / (norm + 1e-6)), the norm being that of
/// all its values (torch.nn.utils.clip_grad_norm_). What the gradient is corrected by (GradientCorrection) comes
/// behind that; that it has none of pruned parameters, before.
class FlatOptimizer {
public:
    FlatOptimizer(const spec::Optimizer& rule, const ParameterTable& table);

    /// Sets the state to zero, for a training whose gradients are so corrected. The correction's values are borrowed
    /// until the next reset.
    void reset(const GradientCorrection& correction = {});
    void write(StateWriter& state) const;
    /// Throws DataError unless the state is one of the same rule and as many parameters.
    void read(StateReader& state);
    /// Whether a step changes the values of its gradients.
    [[nodiscard]] bool changes_gradients() const { return rule_.gradient_clip || !correction_.is_none(); }
    /// One step on the parameters that have a gradient; the others stay.
    void step(std::span<float> parameters, std::span<const Gradient> gradients, double learning_rate);

private:
    /// A part of the flat array whose tensors learn at one rate.
    struct Stretch {
        std::size_t begin = 0;
        std::size_t end = 0;
        double rate_factor = 1;
    };

    void mask(std::span<const Gradient> gradients) const;
    void clip(std::span<const Gradient> gradients) const;
    void correct(std::span<const float> parameters, const Gradient& gradient) const;
    void step_on(std::size_t offset, std::span<float> parameters, const float* gradient, double rate,
                 double weight_decay);

    spec::Optimizer rule_;
    std::vector<Stretch> stretches_;  // one where all tensors learn alike
    std::vector<float> first_;        // SGD: momentum buffer; Adam: first moment; empty for plain SGD
    std::vector<float> second_;       // Adam: second moment
    std::uint64_t steps_ = 0;
    GradientCorrection correction_;
};

}  // namespace fedgram::learning
