#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/learning/model/model.hpp"

namespace fedgram::learning {

/// What all calls of one operator of a TorchScript model cost in a training step.
struct OperatorCost {
    std::string name;                    ///< "aten::conv2d", or "aten::linear in aten::lstm" for a part of another one
    std::uint64_t calls = 0;             ///< per step
    std::optional<ModelCost> cost;       ///< nothing where the operator isn't known: it is never guessed
    std::optional<std::uint64_t> check;  ///< its forward FLOPs by an independent count, where there is one
};

/// A TorchScript model, operator by operator, in the order of their first calls.
struct ItemizedCost {
    std::uint64_t parameters = 0;
    std::vector<OperatorCost> operators;

    /// Nothing where an operator isn't known.
    [[nodiscard]] std::optional<ModelCost> sum() const;
    /// "aten::stft (2 calls), aten::inverse (1 call)"; empty where all are known.
    [[nodiscard]] std::string unknown() const;
};

}  // namespace fedgram::learning
