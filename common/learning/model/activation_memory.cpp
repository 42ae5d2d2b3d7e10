#include "common/learning/model/activation_memory.hpp"

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <utility>

#include "common/error/error.hpp"

namespace fedgram::learning {

namespace {

// What a layer does with the buffer before it. A new kind of layer is told apart here.
enum class Role { convolution, linear, in_place, pooling, view };

Role role_of(const LayerInfo& info)
{
    const auto is = [&]<class... Kinds>() { return (std::holds_alternative<Kinds>(info.layer) || ...); };
    if (is.operator()<spec::Conv2d>()) return Role::convolution;
    if (is.operator()<spec::Linear>()) return Role::linear;
    if (is.operator()<spec::Relu, spec::Relu6, spec::Tanh, spec::BatchNorm, spec::GroupNorm>()) return Role::in_place;
    if (is.operator()<spec::MaxPool2d, spec::AvgPool2d, spec::GlobalAvgPool2d>()) return Role::pooling;
    if (is.operator()<spec::Flatten, spec::Dropout>()) return Role::view;
    throw SpecError{"activation memory: what " + info.name + " holds is not known"};
}

std::uint64_t elements(const std::vector<std::int64_t>& shape)
{
    return static_cast<std::uint64_t>(
        std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>{}));
}

// Operators and buffers: each operator reads what the one before it has filled. A residual keeps the buffer at its
// entry in use until its shortcut, or its addition, has read it; the addition writes over what its layers gave.
class Planner {
public:
    Planner(const Shape& image, spec::NumberType type, Fusion fusion)
        : bytes_of_number_{spec::bytes_of(type)}, fusion_{fusion}
    {
        buffers_.push_back({std::uint64_t{image.channels} * image.height * image.width * bytes_of_number_});
    }

    void add(const LayerInfo& info)
    {
        if (std::holds_alternative<spec::Residual>(info.layer)) {
            add_residual(info);
            return;
        }
        const auto role = role_of(info);
        if (role == Role::view) return;
        const bool is_new = !joins(role);
        if (is_new)
            begin_operator(info.name, role);
        else
            names_.back() += ", " + info.name;
        if (role == Role::in_place && current_ != kept_) return;
        if (is_new) {
            buffers_.push_back({.filled_by = names_.size() - 1, .last_used_by = names_.size() - 1});
            current_ = buffers_.size() - 1;
        }
        buffers_[current_].bytes = elements(info.output_shape) * bytes_of_number_;
        may_pool_ = role == Role::convolution;
    }

    [[nodiscard]] ActivationPlan plan() const
    {
        ActivationPlan plan;
        for (std::size_t i = 0; i < names_.size(); ++i)
            plan.operators.push_back({names_[i], bytes_in_memory(buffers_, i)});
        return plan;
    }

private:
    // Whether the layer is computed with the operator that is there.
    [[nodiscard]] bool joins(Role role) const
    {
        if (fusion_ == Fusion::none || !has_weights_) return false;
        return role == Role::in_place || (role == Role::pooling && may_pool_);
    }

    void add_residual(const LayerInfo& info)
    {
        const auto entry = current_;
        const auto outer = std::exchange(kept_, entry);
        has_weights_ = false;  // nothing is computed along with what another branch reads, too
        for (const auto& layer : info.body) add(layer);
        const auto given = std::exchange(current_, entry);
        has_weights_ = false;
        for (const auto& layer : info.shortcut) add(layer);
        kept_ = outer;
        begin_operator(info.name, Role::in_place);
        buffers_[given].last_used_by = names_.size() - 1;
        current_ = given;
    }

    void begin_operator(const std::string& name, Role role)
    {
        names_.push_back(name);
        buffers_[current_].last_used_by = names_.size() - 1;
        has_weights_ = role == Role::convolution || role == Role::linear;
    }

    std::uint64_t bytes_of_number_;
    Fusion fusion_;
    std::vector<std::string> names_;  // of the operators
    std::vector<ActivationBuffer> buffers_;
    std::size_t current_ = 0;                                     // what the next operator reads
    std::size_t kept_ = std::numeric_limits<std::size_t>::max();  // what a shortcut will read: nobody writes over it
    bool has_weights_ = false;                                    // the last operator
    bool may_pool_ = false;  // the last operator is a convolution without a pooling so far
};

}  // namespace

const OperatorMemory& ActivationPlan::peak() const
{
    return *std::ranges::max_element(operators, {}, &OperatorMemory::bytes);
}

std::uint64_t bytes_in_memory(std::span<const ActivationBuffer> buffers, std::size_t number)
{
    std::uint64_t sum = 0;
    for (const auto& buffer : buffers)
        if (buffer.filled_by <= number && number <= buffer.last_used_by) sum += buffer.bytes;
    return sum;
}

ActivationPlan plan_activations(const Model& model, spec::NumberType type, Fusion fusion)
{
    if (model.layers.empty())
        throw SpecError{"activation memory: what a TorchScript model holds is not known; use a model of layers"};
    Planner planner{model.shape, type, fusion};
    for (const auto& info : model.layers) planner.add(info);
    auto plan = planner.plan();
    if (plan.operators.empty())
        throw SpecError{"activation memory: the model computes nothing; give it a linear layer"};
    return plan;
}

}  // namespace fedgram::learning
