#pragma once

#include <filesystem>
#include <span>

#include "common/learning/model/model.hpp"

namespace fedgram::learning::torchscript {

/// Writes a model of layers with these parameters as a TorchScript file that `torch.jit.load` opens, without LibTorch:
/// a module in evaluation mode with a submodule for each layer, as the LibTorch engine writes it. By a temporary name
/// and a rename. Throws SystemError that names the file and says why it can't be written; then nothing of it is left.
void write_torchscript(const Model& model, std::span<const float> parameters, const std::filesystem::path& path);

}  // namespace fedgram::learning::torchscript
