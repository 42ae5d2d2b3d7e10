#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/model/parameters.hpp"
#include "common/learning/training/state_bytes.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::learning {

/// The gradient of the parameters from `offset` on.
struct Gradient {
    std::size_t offset = 0;
    std::span<const float> values;
};

/// What the learning rate is multiplied by for a tensor: 1 but for muP's. Its weight decay is divided by it, so that
/// the product of both is the same at every width.
[[nodiscard]] double rate_factor(const WidthScaling& scaling, spec::OptimizerKind optimizer);

/// SGD and Adam exactly as torch.optim defines them, over the flat array of a model's parameters: parameters, gradients
/// and state pass through the cores once a step.
///
///     SGD   d = g + weight_decay p;  b = momentum b + d;  p -= rate b
///     Adam  d = g + weight_decay p;  m = 0.9 m + 0.1 d;  v = 0.999 v + 0.001 d^2
///           p -= rate / (1 - 0.9^t) m / (sqrt(v) / sqrt(1 - 0.999^t) + 1e-8)
///
/// with all state zero at first, which makes SGD's first step b = d. Tensors have rates of their own by `rate_factor`.
class FlatOptimizer {
public:
    FlatOptimizer(const spec::Optimizer& rule, const ParameterTable& table);

    /// Sets the state to zero.
    void reset();
    void write(StateWriter& state) const;
    /// Throws DataError unless the state is one of the same rule and as many parameters.
    void read(StateReader& state);
    /// One step on the parameters that have a gradient; the others stay.
    void step(std::span<float> parameters, std::span<const Gradient> gradients, double learning_rate);

private:
    /// A part of the flat array whose tensors learn at one rate.
    struct Stretch {
        std::size_t begin = 0;
        std::size_t end = 0;
        double rate_factor = 1;
    };

    void step_on(std::size_t offset, std::span<float> parameters, const float* gradient, double rate,
                 double weight_decay);

    spec::Optimizer rule_;
    std::vector<Stretch> stretches_;  // one where all tensors learn alike
    std::vector<float> first_;        // SGD: momentum buffer; Adam: first moment; empty for plain SGD
    std::vector<float> second_;       // Adam: second moment
    std::uint64_t steps_ = 0;
};

}  // namespace fedgram::learning
