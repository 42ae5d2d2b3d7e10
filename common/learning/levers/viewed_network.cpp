#include "common/learning/levers/viewed_network.hpp"

#include <algorithm>

namespace fedgram::learning {

ViewedNetwork::ViewedNetwork(const Model& model, std::span<const float> parameters, const spec::Optimizer& optimizer,
                             const WeightView* view, std::uint64_t seed, const native::ViewedPoints& activations)
    : network_{model, native::kernels(native::usable_instruction_sets().back()), nullptr, activations},
      parameters_(parameters.begin(), parameters.end()),
      weights_(view == nullptr ? 0 : parameters.size()),
      gradient_(parameters.size()),
      optimizer_{optimizer, model.parameters},
      view_{view},
      name_{model.name},
      least_batch_{least_training_batch(model)},
      trained_{model.parameters.trained_size()},
      seed_{seed}
{
}

std::span<const float> ViewedNetwork::weights()
{
    if (view_ == nullptr) return parameters_;
    view_->apply(parameters_, weights_);
    return weights_;
}

void ViewedNetwork::step(const Batch& batch, double learning_rate, const native::SoftTargets* soft)
{
    check_training_batch(name_, least_batch_, batch.labels.size());
    network_.take(weights());
    network_.draw_by(seed_, steps_++);
    if (soft == nullptr)
        network_.gradient(batch, gradient_);
    else
        network_.gradient(batch, *soft, gradient_);
    if (view_ != nullptr) view_->pull_back(parameters_, gradient_);
    const Gradient whole{0, std::span{gradient_}.first(trained_)};
    optimizer_.step(parameters_, std::span{&whole, 1}, learning_rate);
    network_.track(parameters_);
}

}  // namespace fedgram::learning
