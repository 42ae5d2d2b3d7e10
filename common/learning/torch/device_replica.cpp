#include "common/learning/torch/device_replica.hpp"

#include <cassert>
#include <cmath>
#include <set>
#include <sstream>

#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/jit/runtime/graph_executor.h>

#include "common/error/error.hpp"
#include "common/learning/torch/batch_tensors.hpp"
#include "common/learning/torch/library_call.hpp"
#include "common/learning/training/optimizer.hpp"
#include "common/learning/training/state_bytes.hpp"

namespace fedgram::learning::torch_engine {

namespace {

// torch.optim.Adam's defaults.
constexpr double beta1 = 0.9;
constexpr double beta2 = 0.999;
constexpr double epsilon = 1e-8;

// All of them in one row, in the host's memory.
std::vector<float> in_a_row(const std::vector<torch::Tensor>& tensors)
{
    std::vector<float> row;
    for (const auto& tensor : tensors) {
        const auto values = tensor.cpu().contiguous();
        row.insert(row.end(), values.data_ptr<float>(), values.data_ptr<float>() + values.numel());
    }
    return row;
}

void fill(const std::vector<torch::Tensor>& tensors, std::span<const float> row)
{
    for (const auto& tensor : tensors) {
        tensor.copy_(torch::from_blob(const_cast<float*>(row.data()), tensor.sizes()));
        row = row.subspan(static_cast<std::size_t>(tensor.numel()));
    }
}

}  // namespace

DeviceReplica::DeviceReplica(const Model& model, const spec::Optimizer& optimizer, torch::Device device)
    : where_{model.torchscript.empty() ? model.name : model.torchscript},
      shape_{model.shape},
      table_{model.parameters},
      least_batch_{least_training_batch(model)},
      pristine_{make_module(model)},
      rule_{optimizer},
      device_{device}
{
    const auto tensors = federated_tensors(pristine_, where_);
    if (!same_slots(table_of(tensors), table_))
        throw DataError{where_ + ": its parameters have changed since the model was described; start anew"};
    for (const auto& each : tensors) trains_.push_back(each.tensor.requires_grad());
    or_throw<SystemError>(
        [&] { begin(std::vector<float>(table_.size), 0, {}); },
        [&](const std::string& reason) { return "the device " + device_.str() + " can't be used: " + reason; });
}

void DeviceReplica::begin(std::span<const float> parameters, std::uint64_t seed,
                          [[maybe_unused]] const GradientCorrection& correction)
{
    assert(correction.is_none());  // nodes of a federation train on the processor
    const torch::NoGradGuard no_grad;
    module_ = pristine_.deepcopy();
    settle();
    set_values(federated_tensors(module_, where_), parameters);
    at::manual_seed(seed);
}

void DeviceReplica::settle()
{
    module_.to(device_);
    trained_.clear();
    rate_factors_.clear();
    first_.clear();
    second_.clear();
    steps_ = 0;
    const auto tensors = federated_tensors(module_, where_);
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        if (!trains_[i]) continue;
        auto tensor = tensors[i].tensor;
        trained_.push_back(tensor.set_requires_grad(true));
        rate_factors_.push_back(rate_factor(table_.slots[i].scaling, rule_.kind));
        if (rule_.is_adaptive() || rule_.momentum != 0) first_.push_back(torch::zeros_like(tensor));
        if (rule_.is_adaptive()) second_.push_back(torch::zeros_like(tensor));
    }
}

torch::Tensor DeviceReplica::forward(const Batch& batch)
{
    return or_throw<DataError>([&] { return module_.forward({pixels_of(batch, shape_).to(device_)}).toTensor(); },
                               [&](const std::string& reason) {
                                   return failure_text(where_ + " on " + device_.str(), batch.labels.size(), reason);
                               });
}

double DeviceReplica::step(const Batch& batch, double learning_rate)
{
    const torch::jit::GraphOptimizerEnabledGuard as_written{false};
    check_training_batch(where_, least_batch_, batch.labels.size());
    module_.train();
    const auto loss = at::cross_entropy_loss(forward(batch), labels_of(batch).to(device_));
    auto found = torch::autograd::grad({loss}, trained_, {}, false, false, /*allow_unused=*/true);
    ++steps_;
    clip(found);
    for (const double factor : std::set<double>(rate_factors_.begin(), rate_factors_.end())) {
        std::vector<torch::Tensor> gradients;
        std::vector<std::size_t> of;  // indices into trained_
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (!found[i].defined() || rate_factors_[i] != factor) continue;
            gradients.push_back(found[i].contiguous());
            of.push_back(i);
        }
        update(std::move(gradients), of, learning_rate * factor, rule_.weight_decay / factor);
    }
    return loss.item<float>();
}

void DeviceReplica::clip(std::vector<torch::Tensor>& gradients) const
{
    if (!rule_.gradient_clip) return;
    double sum = 0;
    for (const auto& each : gradients)
        if (each.defined()) sum += std::pow(each.norm().item<double>(), 2);
    const double factor = clip_factor(std::sqrt(sum), *rule_.gradient_clip);
    for (auto& each : gradients)
        if (each.defined()) each = each * factor;
}

// The same rules as FlatOptimizer's, one operation after the other over all tensors that learn at one rate.
void DeviceReplica::update(std::vector<torch::Tensor> gradients, const std::vector<std::size_t>& of,
                           double learning_rate, double weight_decay)
{
    const torch::NoGradGuard no_grad;
    if (gradients.empty()) return;
    const auto chosen = [&](const std::vector<torch::Tensor>& all) {
        std::vector<torch::Tensor> some;
        for (const auto index : of) some.push_back(all[index]);
        return some;
    };
    auto parameters = chosen(trained_);
    if (rule_.kind == spec::OptimizerKind::adamw)
        at::_foreach_mul_(parameters, 1 - learning_rate * weight_decay);
    else if (weight_decay != 0)
        at::_foreach_add_(gradients, parameters, weight_decay);
    if (rule_.is_adaptive()) {
        const auto t = static_cast<double>(steps_);
        auto first = chosen(first_);
        auto second = chosen(second_);
        at::_foreach_mul_(first, beta1);
        at::_foreach_add_(first, gradients, 1 - beta1);
        at::_foreach_mul_(second, beta2);
        at::_foreach_addcmul_(second, gradients, gradients, 1 - beta2);
        auto scale = at::_foreach_sqrt(second);
        at::_foreach_div_(scale, std::sqrt(1 - std::pow(beta2, t)));
        at::_foreach_add_(scale, epsilon);
        at::_foreach_addcdiv_(parameters, first, scale, -learning_rate / (1 - std::pow(beta1, t)));
    } else if (rule_.momentum != 0) {
        auto momentum = chosen(first_);
        at::_foreach_mul_(momentum, rule_.momentum);
        at::_foreach_add_(momentum, gradients, 1);
        at::_foreach_add_(parameters, momentum, -learning_rate * (rule_.nesterov ? rule_.momentum : 1));
        if (rule_.nesterov) at::_foreach_add_(parameters, gradients, -learning_rate);
    } else {
        at::_foreach_add_(parameters, gradients, -learning_rate);
    }
}

Score DeviceReplica::evaluate(const Batch& batch)
{
    const torch::jit::GraphOptimizerEnabledGuard as_written{false};
    const torch::NoGradGuard no_grad;
    module_.eval();
    return score_of(forward(batch).cpu(), batch.labels);
}

void DeviceReplica::read(std::span<float> parameters) const
{
    read_values(federated_tensors(module_, where_), parameters);
}

std::vector<std::byte> DeviceReplica::state() const
{
    auto on_the_host = module_.deepcopy();
    on_the_host.to(torch::kCPU);
    std::ostringstream archive;
    on_the_host.save(archive);
    StateWriter writer;
    writer.add(std::span<const char>{archive.str()});
    writer.add(std::span{&steps_, 1});
    writer.add(std::span<const float>{in_a_row(first_)});
    writer.add(std::span<const float>{in_a_row(second_)});
    return writer.take();
}

void DeviceReplica::restore(std::span<const std::byte> state)
{
    const torch::NoGradGuard no_grad;
    StateReader reader{state};
    module_ = module_of_state(reader, table_, where_);
    settle();
    reader.read(std::span{&steps_, 1});
    for (auto* moments : {&first_, &second_}) {
        std::vector<float> row(in_a_row(*moments).size());
        reader.read(std::span{row});
        fill(*moments, row);
    }
}

}  // namespace fedgram::learning::torch_engine
