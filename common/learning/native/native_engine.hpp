#pragma once

#include <memory>

#include "common/learning/engine/engine.hpp"
#include "common/learning/native/instruction_set.hpp"

namespace fedgram::learning::native {

/// Fedgram's own engine: models of layers, by kernels for one usable instruction set, without LibTorch and without a
/// BLAS. For a TorchScript file it throws SpecError and names the engine that runs it.
[[nodiscard]] std::unique_ptr<Engine> make_engine(InstructionSet set);

}  // namespace fedgram::learning::native
