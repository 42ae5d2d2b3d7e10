#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <torch/script.h>

#include "common/learning/model/model.hpp"
#include "common/learning/model/parameters.hpp"
#include "common/learning/training/state_bytes.hpp"

namespace fedgram::learning::torch_engine {

/// The model as a TorchScript module: compiled from its layers, or loaded from its file. Built-in and user's models
/// take the same road from here on. Throws DataError for a file that is no TorchScript.
[[nodiscard]] torch::jit::Module make_module(const Model& model);
[[nodiscard]] torch::jit::Module load_module(const std::filesystem::path& path);

struct NamedTensor {
    std::string name;
    torch::Tensor tensor;
};

/// What federates: the parameters, then the floating-point buffers (a BatchNorm's statistics), each tensor once. What
/// else a module holds, such as a count of batches, stays with the node. Throws DataError for a parameter that isn't
/// float32 or shares memory with another one; `where` names the model in its text.
[[nodiscard]] std::vector<NamedTensor> federated_tensors(const torch::jit::Module& module, const std::string& where);

/// Copies the values of `tensors` out of, or into, the flat array in which they lie one after the other.
void read_values(const std::vector<NamedTensor>& tensors, std::span<float> flat);
void set_values(const std::vector<NamedTensor>& tensors, std::span<const float> flat);

/// Where `tensors` lie in the flat array, in their order; of no fan-in.
[[nodiscard]] ParameterTable table_of(const std::vector<NamedTensor>& tensors);

/// Whether two tables have the same names and shapes, in the same order.
[[nodiscard]] bool same_slots(const ParameterTable& a, const ParameterTable& b);

/// The module that a replica's state begins with. Throws DataError for one that is damaged, or another model's.
[[nodiscard]] torch::jit::Module module_of_state(StateReader& state, const ParameterTable& table,
                                                 const std::string& where);

/// Whether training draws random numbers (dropout, noise), by the operators that `forward` can reach.
[[nodiscard]] bool draws_random_numbers(const torch::jit::Module& module);

}  // namespace fedgram::learning::torch_engine
