#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/spec/reduction.hpp"

namespace fedgram::learning {

/// The price of a lever, paid once.
struct LeverCost {
    energy::Work tuning{};         ///< training steps
    energy::Work passes{};         ///< forward passes alone: a teacher's, of calibration, to fill a feature store
    std::uint64_t kept_bytes = 0;  ///< that it keeps meanwhile: a teacher's logits, features
};

struct TensorSize {
    std::string name;
    std::string encoding;  ///< "dense", "bitmap", "int8 bitmap", ...
    std::uint64_t bytes = 0;
};

/// One inference at batch 1, as a device that computes densely does it.
struct InferenceWork {
    std::uint64_t float_ops = 0;     ///< float32, 2 per multiply-accumulate
    std::uint64_t int8_ops = 0;      ///< the same in int8
    std::uint64_t weight_bytes = 0;  ///< of the weights as they are computed with
    std::uint64_t memory_bytes = 0;  ///< weights read, activations read and written
    std::uint64_t kernels = 0;
    std::uint64_t peak_activation_bytes = 0;
    std::string peak_operator;  ///< where that is

    friend bool operator==(const InferenceWork&, const InferenceWork&) = default;
};

/// What a model is, before its levers or behind one.
struct ModelFigures {
    double accuracy = 0;             ///< on the samples that evaluations look at, of 1
    std::uint64_t parameters = 0;    ///< floats of its flat array
    std::uint64_t kept = 0;          ///< of these, those that aren't pruned
    std::uint64_t stored_bytes = 0;  ///< of its file, all included
    std::vector<TensorSize> tensors{};
    std::uint64_t update_bytes = 0;  ///< of what a node would send in a round: each kept parameter as float32
    InferenceWork inference{};
};

struct LeverStep {
    spec::Lever lever;
    LeverCost cost;
    ModelFigures figures;  ///< behind it
};

/// What the levers of a reduction have made of a training's final model.
struct ReductionResult {
    std::string label;
    std::string training;
    ModelFigures before;
    std::vector<LeverStep> steps;

    [[nodiscard]] const ModelFigures& after() const { return steps.back().figures; }
    /// Of all levers.
    [[nodiscard]] LeverCost cost() const;
};

}  // namespace fedgram::learning
