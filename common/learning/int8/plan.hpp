#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/kernels.hpp"
#include "common/learning/int8/stage.hpp"
#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning::int8 {

/// Codes between stages.
struct PlannedCodes {
    CodeLayout layout{};
    Quantizer quantizer{};
    bool whole_batch = false;  ///< of all samples of a batch, or else of the one that is being computed
};

/// A stage, and the codes that it reads and writes by their place in the plan.
struct Step {
    std::unique_ptr<Stage> stage;
    std::size_t in = 0;
    std::size_t shortcut = 0;  ///< of an addition; else as `in`
    std::size_t out = 0;
};

/// A model's layers as stages, in the order in which they run. Of the codes the first are the image's, the last the
/// logits'.
struct Plan {
    std::vector<PlannedCodes> codes;
    std::vector<Step> steps;
    /// Steps before this one run sample by sample, whose codes stay in the nearest cache; from here on each runs all
    /// samples at once. It is the first linear layer's, or behind the last.
    std::size_t batch_step = 0;
};

/// Borrows `kernels`. Throws SpecError for a kind of layer that can't be run in integers, and for what isn't a model:
/// layers that don't fit each other, scales out of range, sums that may not fit into 32 bits.
[[nodiscard]] Plan plan_of(const QuantizedModel& model, const Kernels& kernels);

}  // namespace fedgram::learning::int8
