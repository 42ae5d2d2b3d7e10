#include "common/learning/training/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::learning {

namespace {

constexpr auto sgd = [] [[gnu::always_inline]] (std::size_t count, float* __restrict p, const float* __restrict g,
                                                float rate, float decay) {
    for (std::size_t i = 0; i < count; ++i) p[i] -= rate * (g[i] + decay * p[i]);
};

constexpr auto sgd_with_momentum = [] [[gnu::always_inline]] (std::size_t count, float* __restrict p,
                                                              const float* __restrict g, float* __restrict b,
                                                              float rate, float momentum, float decay) {
    for (std::size_t i = 0; i < count; ++i) {
        b[i] = momentum * b[i] + (g[i] + decay * p[i]);
        p[i] -= rate * b[i];
    }
};

// torch.optim.Adam's defaults.
constexpr double beta1 = 0.9;
constexpr double beta2 = 0.999;
constexpr float epsilon = 1e-8F;

constexpr auto adam = [] [[gnu::always_inline]] (std::size_t count, float* __restrict p, const float* __restrict g,
                                                 float* __restrict m, float* __restrict v, float rate,
                                                 float root_correction, float decay) {
    for (std::size_t i = 0; i < count; ++i) {
        const float d = g[i] + decay * p[i];
        m[i] = static_cast<float>(beta1) * m[i] + static_cast<float>(1 - beta1) * d;
        v[i] = static_cast<float>(beta2) * v[i] + static_cast<float>(1 - beta2) * d * d;
        p[i] -= rate * m[i] / (std::sqrt(v[i]) / root_correction + epsilon);
    }
};

}  // namespace

FlatOptimizer::FlatOptimizer(const spec::Optimizer& rule, std::size_t parameters) : rule_{rule}
{
    const bool is_adam = rule.kind == spec::OptimizerKind::adam;
    if (is_adam || rule.momentum != 0) first_.resize(parameters);
    if (is_adam) second_.resize(parameters);
}

void FlatOptimizer::reset()
{
    std::fill(first_.begin(), first_.end(), 0.0F);
    std::fill(second_.begin(), second_.end(), 0.0F);
    steps_ = 0;
}

void FlatOptimizer::write(StateWriter& state) const
{
    state.add(std::span{&steps_, 1});
    state.add(std::span<const float>{first_});
    state.add(std::span<const float>{second_});
}

void FlatOptimizer::read(StateReader& state)
{
    state.read(std::span{&steps_, 1});
    state.read(std::span{first_});
    state.read(std::span{second_});
}

void FlatOptimizer::step(std::span<float> parameters, std::span<const Gradient> gradients, double learning_rate)
{
    ++steps_;
    const auto decay = static_cast<float>(rule_.weight_decay);
    for (const auto& [offset, values] : gradients) {
        float* const p = parameters.data() + offset;
        if (rule_.kind == spec::OptimizerKind::adam) {
            const auto t = static_cast<double>(steps_);
            for_this_cpu<adam>(values.size(), p, values.data(), first_.data() + offset, second_.data() + offset,
                               static_cast<float>(learning_rate / (1 - std::pow(beta1, t))),
                               static_cast<float>(std::sqrt(1 - std::pow(beta2, t))), decay);
        } else if (first_.empty()) {
            for_this_cpu<sgd>(values.size(), p, values.data(), static_cast<float>(learning_rate), decay);
        } else {
            for_this_cpu<sgd_with_momentum>(values.size(), p, values.data(), first_.data() + offset,
                                            static_cast<float>(learning_rate), static_cast<float>(rule_.momentum),
                                            decay);
        }
    }
}

}  // namespace fedgram::learning
