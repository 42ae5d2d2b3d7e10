#include "common/learning/quantization/range_observer.hpp"

#include "common/error/error.hpp"
#include "common/learning/quantization/histogram_ranges.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::learning {

namespace {

constexpr float averaging = 0.01F;

}  // namespace

void MinMaxObserver::observe(std::span<const float> activations)
{
    if (activations.empty()) return;
    const auto batch = range_of(activations, "activation");
    range_ = range_ ? joined(*range_, batch) : batch;
}

ValueRange MinMaxObserver::range() const { return observed(range_); }

void MovingAverageObserver::observe(std::span<const float> activations)
{
    if (activations.empty()) return;
    const auto batch = range_of(activations, "activation");
    range_ = range_ ? ValueRange{range_->min + averaging * (batch.min - range_->min),
                                 range_->max + averaging * (batch.max - range_->max)}
                    : batch;
}

ValueRange MovingAverageObserver::range() const { return observed(range_); }

PercentileObserver::PercentileObserver(double percentile) : percentile_{percentile}
{
    if (!(percentile > 0 && percentile <= 100))
        throw SpecError{"calibration: a percentile of " + text::shortest(percentile) +
                        " keeps no activations or more than all; use a number above 0 and at most 100, such as 99.99"};
}

ValueRange PercentileObserver::range() const { return percentile_range(histogram_, percentile_); }

ValueRange EntropyObserver::range() const { return entropy_range(histogram_); }

}  // namespace fedgram::learning
