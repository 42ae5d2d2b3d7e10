#include <algorithm>
#include <memory>
#include <utility>

#include "common/error/error.hpp"
#include "common/learning/int8/int8_network.hpp"
#include "common/learning/levers/lever.hpp"
#include "common/learning/levers/quantized_activations.hpp"
#include "common/learning/levers/quantized_view.hpp"
#include "common/learning/model/batch_norm_folding.hpp"
#include "common/learning/model/beginning.hpp"
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

// Of the network's input, and of each fused layer's output, a residual's sums among them.
std::vector<ValueRange> activation_ranges(const spec::Quantize& lever, const Candidate& candidate, Workbench& bench)
{
    const auto samples = lever.calibration_samples;
    std::vector<ValueRange> ranges{range_of_outputs(lever, bench.inputs(candidate.model, samples))};
    const auto all = all_layers(candidate.model);
    for (const auto& step : fused_layers(candidate.model))
        ranges.push_back(range_of_outputs(
            lever, bench.outputs(beginning(candidate.model, *all[step.output]), candidate.parameters, samples)));
    return ranges;
}

// The same weights' mask in another table: those that are pruned are so by name and place.
Mask moved(const Mask& mask, const ParameterTable& from, const ParameterTable& to)
{
    Mask result{to};
    for (const auto& slot : to.slots) {
        if (!is_prunable(slot)) continue;
        const auto old = std::ranges::find(from.slots, slot.name, &ParameterSlot::name);
        for (std::size_t i = 0; i < slot.size; ++i)
            if (!mask.keeps(old->offset + i)) result.drop(slot.offset + i);
    }
    return result;
}

// From here on the candidate is the model without batch normalizations, which has the same logits in float32.
void fold_batch_norms(Candidate& candidate)
{
    auto result = folded(candidate.spec, candidate.model, candidate.parameters);
    if (candidate.mask) candidate.mask = moved(*candidate.mask, candidate.model.parameters, result.model.parameters);
    candidate.spec = std::move(result.spec);
    candidate.model = std::move(result.model);
    candidate.parameters = std::move(result.parameters);
}

// Trains through codes of weights and activations; the ranges of these are what it ends with.
std::vector<ValueRange> train_through_codes(const spec::Quantize& lever, Candidate& candidate, Workbench& bench,
                                            energy::Work& work)
{
    const auto& model = candidate.model;
    const bool per_channel = lever.weights == spec::QuantizerScope::channel;
    const QuantizedView view{model.parameters, candidate.mask ? &*candidate.mask : nullptr, per_channel};
    std::vector<const LayerInfo*> points;
    const auto all = all_layers(model);
    for (const auto& layer : fused_layers(model)) points.push_back(all[layer.output]);
    QuantizedActivations activations{points.size()};
    work = bench.tune(model, candidate.parameters, tuning_of(lever, bench.training_rate()),
                      {.view = &view, .activations = {&activations, points}});
    return activations.ranges();
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
    fold_batch_norms(candidate);
    std::vector<ValueRange> ranges;
    if (lever.tuning.epochs > 0) {
        ranges = train_through_codes(lever, candidate, bench, cost.tuning);
    } else {
        ranges = activation_ranges(lever, candidate, bench);
        cost.passes = bench.passes(candidate.model,
                                   std::min<std::uint64_t>(lever.calibration_samples, bench.setting().indices.size()));
    }
    const bool per_channel = lever.weights == spec::QuantizerScope::channel;
    candidate.int8 = quantize_model(candidate.model, candidate.parameters, ranges,
                                    per_channel ? WeightScales::per_channel : WeightScales::per_tensor);
    // What the engine refuses is refused here, where levers are tried before anything trains.
    static_cast<void>(Int8Network{*candidate.int8, int8::usable_instruction_sets().back()});
    return cost;
}

}  // namespace fedgram::learning
