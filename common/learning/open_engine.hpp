#pragma once

#include <memory>
#include <string>

#include "common/learning/engine/engine.hpp"

namespace fedgram::learning {

/// "native" is our own kernels for the fastest instruction set of this CPU. "torch" is a module beside the running
/// program (../lib) that stays loaded: call it before other threads start, since it sets one thread per node. Throws
/// SpecError for an unknown name, SystemError for a module that can't be opened.
[[nodiscard]] std::unique_ptr<Engine> open_engine(const std::string& name);

}  // namespace fedgram::learning
