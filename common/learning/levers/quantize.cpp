#include <algorithm>
#include <memory>
#include <numeric>

#include "common/error/error.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/quantized_view.hpp"
#include "common/learning/model/split_model.hpp"
#include "common/learning/quantization/encoded_tensor.hpp"
#include "common/learning/quantization/fused_layers.hpp"
#include "common/learning/quantization/quantize_model.hpp"
#include "common/learning/quantization/range_observer.hpp"

namespace fedgram::learning {

namespace {

std::unique_ptr<RangeObserver> observer_of(const spec::Quantize& lever)
{
    switch (lever.calibration) {
        case spec::Calibration::min_max:
            return std::make_unique<MinMaxObserver>();
        case spec::Calibration::percentile:
            return std::make_unique<PercentileObserver>(lever.percentile);
        case spec::Calibration::entropy:
            return std::make_unique<EntropyObserver>();
    }
    return nullptr;
}

ValueRange range_of_outputs(const spec::Quantize& lever, std::span<const float> values)
{
    const auto observer = observer_of(lever);
    observer->observe(values);
    return observer->range();
}

// Of the network's input, and of each fused layer's output.
std::vector<ValueRange> activation_ranges(const spec::Quantize& lever, const Candidate& candidate, Workbench& bench)
{
    const auto samples = lever.calibration_samples;
    std::vector<ValueRange> ranges{range_of_outputs(lever, bench.inputs(candidate.model, samples))};
    for (const auto& layer : fused_layers(candidate.model))
        ranges.push_back(range_of_outputs(
            lever, bench.outputs(beginning(candidate.model, layer.output + 1), candidate.parameters, samples)));
    return ranges;
}

// Weights as they come back from what they are stored as; biases and buffers too.
void round_floats(FloatEncoding encoding, Candidate& candidate)
{
    for (const auto& slot : candidate.model.parameters.slots) {
        const auto values = std::span{candidate.parameters}.subspan(slot.offset, slot.size);
        decode_tensor(encode_tensor(slot.name, values, 1, encoding), 1, values);
    }
}

}  // namespace

LeverCost apply(const spec::Quantize& lever, Candidate& candidate, Workbench& bench)
{
    require_floats(candidate, "quantize");
    LeverCost cost;
    if (lever.type != spec::QuantizedType::int8) {
        const bool is_fp16 = lever.type == spec::QuantizedType::fp16;
        round_floats(is_fp16 ? FloatEncoding::fp16 : FloatEncoding::bf16, candidate);
        candidate.rounded_to = lever.type;
        return cost;
    }
    const bool per_channel = lever.weights == spec::QuantizerScope::channel;
    static_cast<void>(fused_layers(candidate.model));  // it has an int8 form, before anything is trained for it
    if (lever.tuning.epochs > 0) {
        const QuantizedView view{candidate.model.parameters, candidate.mask ? &*candidate.mask : nullptr, per_channel};
        cost.tuning = bench.tune(candidate.model, candidate.parameters,
                                 bench.at_share_of_rate(lever.tuning, tuning_share), {.view = &view});
    }
    const auto ranges = activation_ranges(lever, candidate, bench);
    const auto samples = std::min<std::uint64_t>(lever.calibration_samples, bench.setting().indices.size());
    cost.passes = bench.passes(candidate.model, samples);
    candidate.int8 = quantize_model(candidate.model, candidate.parameters, ranges,
                                    per_channel ? WeightScales::per_channel : WeightScales::per_tensor);
    return cost;
}

}  // namespace fedgram::learning
