#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "common/learning/native/activation_view.hpp"
#include "common/learning/quantization/quantized_model.hpp"
#include "common/learning/quantization/range_observer.hpp"

namespace fedgram::learning {

/// Activations as their codes have them, with gradients straight through where there is a code: what training for int8
/// sees. The range of a point is a moving average of its batches', the present one's included.
class QuantizedActivations final : public native::ActivationView {
public:
    /// Of the network's input and of so many other points.
    explicit QuantizedActivations(std::size_t points) : observers_(points + 1), quantizers_(points + 1) {}

    /// Throws DataError for an activation that isn't finite.
    void apply(std::size_t point, std::span<float> activations) override;
    void pull_back(std::size_t point, std::span<const float> activations, std::span<float> gradient) override;

    /// Of each point, as they are now. Throws SpecError where nothing went forward.
    [[nodiscard]] std::vector<ValueRange> ranges() const;

private:
    std::vector<MovingAverageObserver> observers_;
    std::vector<Quantizer> quantizers_;
};

}  // namespace fedgram::learning
