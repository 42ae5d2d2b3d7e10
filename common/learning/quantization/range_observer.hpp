#pragma once

#include <optional>
#include <span>

#include "common/learning/quantization/activation_histogram.hpp"
#include "common/learning/quantization/value_range.hpp"

namespace fedgram::learning {

/// What the activations of one place in a network say of the range that codes should cover: calibration.
class RangeObserver {
public:
    virtual ~RangeObserver() = default;

    /// Of one batch. Throws DataError for a value that isn't finite.
    virtual void observe(std::span<const float> activations) = 0;
    /// Throws SpecError where nothing was observed.
    [[nodiscard]] virtual ValueRange range() const = 0;
};

/// All that was observed.
class MinMaxObserver final : public RangeObserver {
public:
    void observe(std::span<const float> activations) override;
    [[nodiscard]] ValueRange range() const override;

private:
    std::optional<ValueRange> range_;
};

/// Each batch moves both ends by a hundredth of the way to its own, as PyTorch's observer for training does. The order
/// of batches matters.
class MovingAverageObserver final : public RangeObserver {
public:
    void observe(std::span<const float> activations) override;
    [[nodiscard]] ValueRange range() const override;

private:
    std::optional<ValueRange> range_;
};

/// All but a few at both ends.
class PercentileObserver final : public RangeObserver {
public:
    /// Throws SpecError unless `percentile` is above 0 and at most 100. ONNX Runtime has 99.99.
    explicit PercentileObserver(double percentile);

    void observe(std::span<const float> activations) override { histogram_.add(activations); }
    [[nodiscard]] ValueRange range() const override;

private:
    double percentile_;
    ActivationHistogram histogram_;
};

/// What keeps the most information.
class EntropyObserver final : public RangeObserver {
public:
    void observe(std::span<const float> activations) override { histogram_.add(activations); }
    [[nodiscard]] ValueRange range() const override;

private:
    ActivationHistogram histogram_;
};

}  // namespace fedgram::learning
