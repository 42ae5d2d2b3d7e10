#pragma once

#include <torch/script.h>

#include <functional>
#include <string>
#include <vector>

namespace fedgram::learning::test {

struct Convolution {
    std::int64_t in;
    std::int64_t out;
    std::int64_t kernel;
    std::int64_t stride = 1;
    std::int64_t padding = 0;
    std::int64_t groups = 1;
    bool bias = true;
};

/// The tensors of a model, numbered in the order in which its layers ask for them.
class Tensors {
public:
    explicit Tensors(torch::jit::Module module) : module_{std::move(module)} {}

    /// The next parameter: a new one, or the one that an earlier round through the layers has made.
    std::string parameter(const std::vector<std::int64_t>& sizes);
    std::string buffer(const torch::Tensor& value);
    [[nodiscard]] torch::Tensor at(const std::string& name) const { return module_.attr(name).toTensor(); }
    void start_again() { count_ = 0; }

    [[nodiscard]] torch::jit::Module& module() { return module_; }

private:
    std::string next() { return "p" + std::to_string(count_++); }

    torch::jit::Module module_;
    int count_ = 0;
};

/// Layers as the source of a scripted model: activations and blocks by functions of their own, as torch.nn.functional
/// has them.
class ScriptedLayers {
public:
    using Value = std::string;

    explicit ScriptedLayers(torch::jit::Module module) : tensors_{std::move(module)} {}

    Value convolution(const Value& x, const Convolution& c);
    Value transposed_convolution(const Value& x, const Convolution& c);
    Value batch_norm(const Value& x, std::int64_t channels);
    Value relu(const Value& x) { return named("self.relu(" + x + ", False)"); }
    Value max_pool(const Value& x) { return named("torch.max_pool2d(" + x + ", [2, 2], [2, 2])"); }
    Value global_pool(const Value& x) { return named("torch.adaptive_avg_pool2d(" + x + ", [1, 1])"); }
    Value flatten(const Value& x) { return named("torch.flatten(" + x + ", 1)"); }
    Value dropout(const Value& x) { return named("torch.dropout(" + x + ", 0.5, self.training)"); }
    Value linear(const Value& x, std::int64_t in, std::int64_t out);
    Value add(const Value& x, const Value& y) { return named("torch.add(" + x + ", " + y + ")"); }
    Value concatenation(const Value& x, const Value& y) { return named("torch.cat([" + x + ", " + y + "], 1)"); }
    /// The first column's pixels as words, each by its row of a table.
    Value embedding(const Value& x, std::int64_t rows, std::int64_t features);
    /// The last state of a sequence.
    Value lstm(const Value& x, std::int64_t in, std::int64_t hidden);

    torch::jit::Module module(const Value& result);

private:
    Value named(const std::string& expression);

    Tensors tensors_;
    std::string lines_;
    int values_ = 0;
};

/// The same layers as calls, to be traced while they run.
class TracedLayers {
public:
    using Value = torch::Tensor;

    explicit TracedLayers(torch::jit::Module module) : tensors_{std::move(module)} {}

    Value convolution(const Value& x, const Convolution& c);
    Value transposed_convolution(const Value& x, const Convolution& c);
    Value batch_norm(const Value& x, std::int64_t channels);
    Value relu(const Value& x) { return torch::relu(x); }
    Value max_pool(const Value& x) { return torch::max_pool2d(x, {2, 2}, {2, 2}); }
    Value global_pool(const Value& x) { return torch::adaptive_avg_pool2d(x, {1, 1}); }
    Value flatten(const Value& x) { return torch::flatten(x, 1); }
    Value dropout(const Value& x) { return torch::dropout(x, 0.5, true); }
    Value linear(const Value& x, std::int64_t in, std::int64_t out);
    Value add(const Value& x, const Value& y) { return x + y; }
    Value concatenation(const Value& x, const Value& y) { return torch::cat({x, y}, 1); }
    Value embedding(const Value& x, std::int64_t rows, std::int64_t features);
    Value lstm(const Value& x, std::int64_t in, std::int64_t hidden);

    /// Of the model that `forward` runs on `example`.
    torch::jit::Module module(const std::function<Value(TracedLayers&, Value)>& forward, const torch::Tensor& example);

private:
    torch::Tensor parameter(const std::vector<std::int64_t>& sizes) { return tensors_.at(tensors_.parameter(sizes)); }

    Tensors tensors_;
};

/// An empty module that trains.
[[nodiscard]] torch::jit::Module empty_module();

/// `forward` as torch.jit.trace records it, for the parameters of `module`.
void add_traced_forward(torch::jit::Module& module, const std::function<torch::Tensor(torch::Tensor)>& forward,
                        const torch::Tensor& example);

}  // namespace fedgram::learning::test
