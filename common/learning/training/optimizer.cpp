#include "common/learning/training/optimizer.hpp"

#include <algorithm>
#include <cmath>

#include "common/learning/updates/norms.hpp"
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

constexpr auto sgd_with_nesterov = [] [[gnu::always_inline]] (std::size_t count, float* __restrict p,
                                                              const float* __restrict g, float* __restrict b,
                                                              float rate, float momentum, float decay) {
    for (std::size_t i = 0; i < count; ++i) {
        const float d = g[i] + decay * p[i];
        b[i] = momentum * b[i] + d;
        p[i] -= rate * (d + momentum * b[i]);
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

constexpr auto adamw = [] [[gnu::always_inline]] (std::size_t count, float* __restrict p, const float* __restrict g,
                                                  float* __restrict m, float* __restrict v, float rate,
                                                  float root_correction, float kept) {
    for (std::size_t i = 0; i < count; ++i) {
        m[i] = static_cast<float>(beta1) * m[i] + static_cast<float>(1 - beta1) * g[i];
        v[i] = static_cast<float>(beta2) * v[i] + static_cast<float>(1 - beta2) * g[i] * g[i];
        p[i] = kept * p[i] - rate * m[i] / (std::sqrt(v[i]) / root_correction + epsilon);
    }
};

constexpr auto add_linear = [] [[gnu::always_inline]] (std::size_t count, float* __restrict g,
                                                       const float* __restrict linear) {
    for (std::size_t i = 0; i < count; ++i) g[i] += linear[i];
};

constexpr auto add_proximal = [] [[gnu::always_inline]] (std::size_t count, float* __restrict g,
                                                         const float* __restrict p, const float* __restrict origin,
                                                         float weight) {
    for (std::size_t i = 0; i < count; ++i) g[i] += weight * (p[i] - origin[i]);
};

constexpr auto keep = [] [[gnu::always_inline]] (std::size_t count, float* __restrict g,
                                                 const std::uint8_t* __restrict kept) {
    for (std::size_t i = 0; i < count; ++i) g[i] = kept[i] != 0 ? g[i] : 0.0F;
};

constexpr auto scale = [] [[gnu::always_inline]] (std::size_t count, float* __restrict g, float factor) {
    for (std::size_t i = 0; i < count; ++i) g[i] *= factor;
};

}  // namespace

double rate_factor(const WidthScaling& scaling, spec::OptimizerKind optimizer)
{
    return optimizer == spec::OptimizerKind::sgd ? scaling.sgd_rate : scaling.adam_rate;
}

double clip_factor(double norm, double limit)
{
    constexpr double above_zero = 1e-6;  // as torch.nn.utils.clip_grad_norm_
    return std::min(1.0, limit / (norm + above_zero));
}

FlatOptimizer::FlatOptimizer(const spec::Optimizer& rule, const ParameterTable& table) : rule_{rule}
{
    if (rule.is_adaptive() || rule.momentum != 0) first_.resize(table.size);
    if (rule.is_adaptive()) second_.resize(table.size);
    for (const auto& slot : table.slots) {
        const double factor = learning::rate_factor(slot.scaling, rule.kind);
        if (stretches_.empty() || stretches_.back().rate_factor != factor)
            stretches_.push_back({slot.offset, slot.offset, factor});
        stretches_.back().end += slot.size;
    }
}

void FlatOptimizer::reset(const GradientCorrection& correction)
{
    correction_ = correction;
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
    mask(gradients);
    clip(gradients);
    for (const auto& gradient : gradients) {
        correct(parameters, gradient);
        const auto& [offset, values] = gradient;
        for (const auto& stretch : stretches_) {
            const auto first = std::max(offset, stretch.begin);
            const auto end = std::min(offset + values.size(), stretch.end);
            if (first < end)
                step_on(first, parameters.subspan(first, end - first), values.data() + (first - offset),
                        learning_rate * stretch.rate_factor, rule_.weight_decay / stretch.rate_factor);
        }
    }
}

void FlatOptimizer::mask(std::span<const Gradient> gradients) const
{
    if (correction_.kept.empty()) return;
    for (const auto& [offset, values] : gradients)
        for_this_cpu<keep>(values.size(), values.data(), correction_.kept.data() + offset);
}

void FlatOptimizer::clip(std::span<const Gradient> gradients) const
{
    if (!rule_.gradient_clip) return;
    double sum = 0;
    for (const auto& [offset, values] : gradients) {
        const double norm = l2_norm(values);
        sum += norm * norm;
    }
    const double factor = clip_factor(std::sqrt(sum), *rule_.gradient_clip);
    if (factor == 1) return;
    for (const auto& [offset, values] : gradients)
        for_this_cpu<scale>(values.size(), values.data(), static_cast<float>(factor));
}

void FlatOptimizer::correct(std::span<const float> parameters, const Gradient& gradient) const
{
    const auto& [offset, values] = gradient;
    if (!correction_.linear.empty())
        for_this_cpu<add_linear>(values.size(), values.data(), correction_.linear.data() + offset);
    if (correction_.proximal != 0)
        for_this_cpu<add_proximal>(values.size(), values.data(), parameters.data() + offset,
                                   correction_.origin.data() + offset, static_cast<float>(correction_.proximal));
}

void FlatOptimizer::step_on(std::size_t offset, std::span<float> parameters, const float* gradient, double rate,
                            double weight_decay)
{
    float* const p = parameters.data();
    const auto decay = static_cast<float>(weight_decay);
    if (rule_.is_adaptive()) {
        const auto t = static_cast<double>(steps_);
        const auto corrected_rate = static_cast<float>(rate / (1 - std::pow(beta1, t)));
        const auto root_correction = static_cast<float>(std::sqrt(1 - std::pow(beta2, t)));
        float* const m = first_.data() + offset;
        float* const v = second_.data() + offset;
        if (rule_.kind == spec::OptimizerKind::adam)
            for_this_cpu<adam>(parameters.size(), p, gradient, m, v, corrected_rate, root_correction, decay);
        else
            for_this_cpu<adamw>(parameters.size(), p, gradient, m, v, corrected_rate, root_correction,
                                static_cast<float>(1 - rate * weight_decay));
    } else if (first_.empty()) {
        for_this_cpu<sgd>(parameters.size(), p, gradient, static_cast<float>(rate), decay);
    } else if (rule_.nesterov) {
        for_this_cpu<sgd_with_nesterov>(parameters.size(), p, gradient, first_.data() + offset,
                                        static_cast<float>(rate), static_cast<float>(rule_.momentum), decay);
    } else {
        for_this_cpu<sgd_with_momentum>(parameters.size(), p, gradient, first_.data() + offset,
                                        static_cast<float>(rate), static_cast<float>(rule_.momentum), decay);
    }
}

}  // namespace fedgram::learning
