#include "experiments/loading/load_measurement.hpp"

#include <algorithm>

#include "common/serving/batch_means.hpp"

namespace fedgram::experiments {

using serving::Nanoseconds;
using serving::Stability;

LoadMeasurement::LoadMeasurement(Nanoseconds begin, std::optional<Nanoseconds> window)
    : begin_{begin}, length_{window}, windows_{{window.value_or(Nanoseconds{1})}}, latest_(1)
{
}

void LoadMeasurement::answered(Nanoseconds due, Nanoseconds now)
{
    time_passes(now);
    if (stability_ != Stability::open || now < begin_) return;
    windows_.back().latencies.add(now - due);
    latest_.back().push_back(now - due);
}

void LoadMeasurement::time_passes(Nanoseconds now)
{
    while (length_ && stability_ == Stability::open && now >= begin_ + *length_) {
        begin_ += *length_;
        stability_ = serving::stability(windows_);
        if (stability_ != Stability::open) return;
        windows_.push_back({*length_});
        latest_.emplace_back();
        if (latest_.size() > serving::agreeing_windows) latest_.erase(latest_.begin());
    }
}

std::optional<Nanoseconds> LoadMeasurement::window_end() const
{
    if (!length_) return std::nullopt;
    return begin_ + *length_;
}

LoadMeasurement::Result LoadMeasurement::result(Nanoseconds now) const
{
    const auto count = std::min(windows_.size(), serving::agreeing_windows);
    auto all = serving::merged(std::span{windows_}.last(count));
    if (!length_) all.length = std::max(now - begin_, Nanoseconds{1});
    serving::BatchMeans means;
    for (const auto& window : latest_)
        for (const auto latency : window) means.add(latency);
    return {all.per_second(), serving::latency_summary(all.latencies, means)};
}

}  // namespace fedgram::experiments
