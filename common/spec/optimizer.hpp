#pragma once

#include <optional>

namespace fedgram::spec {

enum class OptimizerKind { sgd, adam, adamw };

/// Of what the products of a step multiply: float32, or bfloat16 with sums in float32. Parameters, gradients and the
/// optimizer's state are float32 in both (mixed precision, Micikevicius et al. 2018, arXiv:1710.03740).
enum class Precision { float32, bf16 };

/// `momentum` and `nesterov` are SGD's; Adam's and AdamW's constants are PyTorch's defaults, but for AdamW's weight
/// decay, which is 0 here too. The state starts at zero in each local training.
struct Optimizer {
    OptimizerKind kind = OptimizerKind::sgd;
    double learning_rate = 0.01;
    double momentum = 0;
    double weight_decay = 0;
    bool nesterov = false;                  ///< with a momentum above 0
    std::optional<double> gradient_clip{};  ///< L2 norm above which a step's whole gradient is scaled down to it, > 0
    Precision precision = Precision::float32;

    /// Whether it keeps two moments of each parameter.
    [[nodiscard]] bool is_adaptive() const { return kind != OptimizerKind::sgd; }
};

}  // namespace fedgram::spec
