#pragma once

#include <optional>

namespace fedgram::spec {

enum class OptimizerKind { sgd, adam, adamw };

/// `momentum` and `nesterov` are SGD's; Adam's and AdamW's constants are PyTorch's defaults, but for AdamW's weight
/// decay, which is 0 here too. The state starts at zero in each local training.
struct Optimizer {
    OptimizerKind kind = OptimizerKind::sgd;
    double learning_rate = 0.01;
    double momentum = 0;
    double weight_decay = 0;
    bool nesterov = false;                  ///< with a momentum above 0
    std::optional<double> gradient_clip{};  ///< L2 norm above which a step's whole gradient is scaled down to it, > 0

    /// Whether it keeps two moments of each parameter.
    [[nodiscard]] bool is_adaptive() const { return kind != OptimizerKind::sgd; }
};

}  // namespace fedgram::spec
