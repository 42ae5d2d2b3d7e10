#pragma once

#include <variant>

#include "common/spec/experiment.hpp"

namespace fedgram::spec {

/// What a training steps by, whatever its kind.
[[nodiscard]] inline const Optimizer& optimizer_of(const Training& training)
{
    return std::visit([](const auto& kind) -> const Optimizer& { return kind.optimizer; }, training.kind);
}

}  // namespace fedgram::spec
