#include "common/learning/levers/inference_work.hpp"

#include "common/learning/model/activation_memory.hpp"
#include "common/learning/model/kernels.hpp"
#include "common/learning/quantization/quantized_tensors.hpp"

namespace fedgram::learning {

InferenceWork inference_work(const Candidate& candidate)
{
    const auto& model = candidate.model;
    const bool is_int8 = candidate.int8.has_value();
    InferenceWork work;
    (is_int8 ? work.int8_ops : work.float_ops) = model.cost.forward_flops;
    const auto activations = model.cost.forward_bytes / (is_int8 ? sizeof(float) : 1);
    work.weight_bytes = is_int8 ? bytes_of(*candidate.int8).total() : model.parameters.bytes();
    work.memory_bytes = activations + work.weight_bytes;
    work.kernels = forward_kernels(model.cost.kernels);
    const auto plan = plan_activations(model, is_int8 ? spec::NumberType::int8 : spec::NumberType::fp32, Fusion::none);
    work.peak_activation_bytes = plan.peak().bytes;
    work.peak_operator = plan.peak().name;
    return work;
}

}  // namespace fedgram::learning
