#include "common/learning/levers/quantized_activations.hpp"

#include "common/error/context.hpp"
#include "common/learning/quantization/affine_quantizer.hpp"
#include "common/learning/quantization/fake_quantization.hpp"

namespace fedgram::learning {

void QuantizedActivations::apply(std::size_t point, std::span<float> activations)
{
    with_way_out<DataError>("its training has diverged; use a lower learning_rate",
                            [&] { observers_[point].observe(activations); });
    quantizers_[point] = affine_quantizer(observers_[point].range());
    fake_quantize(activations, quantizers_[point]);
}

void QuantizedActivations::pull_back(std::size_t point, std::span<const float> activations, std::span<float> gradient)
{
    pass_through(activations, quantizers_[point], gradient);
}

std::vector<ValueRange> QuantizedActivations::ranges() const
{
    std::vector<ValueRange> ranges;
    for (const auto& observer : observers_) ranges.push_back(observer.range());
    return ranges;
}

}  // namespace fedgram::learning
