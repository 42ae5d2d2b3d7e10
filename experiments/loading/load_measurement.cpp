#include "experiments/loading/load_measurement.hpp"

#include <algorithm>
#include <cstddef>
#include <numeric>

namespace fedgram::experiments {

using serving::Nanoseconds;
using serving::Stability;

LoadMeasurement::LoadMeasurement(Nanoseconds begin, std::optional<Nanoseconds> window, WindowRule rule,
                                 std::optional<Nanoseconds> deadline)
    : begin_{begin},
      length_{window},
      rule_{rule},
      deadline_{deadline},
      windows_{{window.value_or(Nanoseconds{1})}},
      latest_(1)
{
}

void LoadMeasurement::answered(Nanoseconds due, Nanoseconds now)
{
    time_passes(now);
    if (stability_ != Stability::open || now < begin_) return;
    windows_.back().latencies.add(now - due);
    means_.add(now - due);
    if (deadline_ && now - due > *deadline_) ++late_.back();
    if (length_ && rule_ == WindowRule::until_they_agree) latest_.back().push_back(now - due);
}

void LoadMeasurement::time_passes(Nanoseconds now)
{
    while (length_ && stability_ == Stability::open && now >= begin_ + *length_) {
        begin_ += *length_;
        if (rule_ == WindowRule::until_they_agree || windows_.size() == serving::most_windows)
            stability_ = serving::stability(windows_);
        if (stability_ != Stability::open) return;
        windows_.push_back({*length_});
        late_.push_back(0);
        latest_.emplace_back();
        if (latest_.size() > serving::agreeing_windows) latest_.erase(latest_.begin());
    }
}

std::optional<Nanoseconds> LoadMeasurement::window_end() const
{
    if (!length_) return std::nullopt;
    return begin_ + *length_;
}

std::vector<serving::Window> LoadMeasurement::windows(Nanoseconds now) const
{
    if (!length_) return {};
    auto windows = windows_;
    if (stability_ != Stability::open) return windows;
    if (now > begin_)
        windows.back().length = now - begin_;
    else
        windows.pop_back();
    return windows;
}

LoadMeasurement::Result LoadMeasurement::result(Nanoseconds now) const
{
    if (!length_) {
        auto all = windows_.front();
        all.length = std::max(now - begin_, Nanoseconds{1});
        return {all.per_second(), serving::latency_summary(all.latencies, means_), late_.front()};
    }
    const auto those = windows(now);
    if (those.empty()) return {};
    if (rule_ == WindowRule::ten) {
        const auto all = serving::merged(those);
        return {all.per_second(), serving::latency_summary(all.latencies, means_),
                std::accumulate(late_.begin(), late_.end(), std::uint64_t{0})};
    }
    const auto count = std::min(those.size(), serving::agreeing_windows);
    const auto last = serving::merged(std::span{those}.last(count));
    const auto end = late_.begin() + static_cast<std::ptrdiff_t>(those.size());
    const auto late = std::accumulate(end - static_cast<std::ptrdiff_t>(count), end, std::uint64_t{0});
    serving::BatchMeans means;
    for (const auto& window : latest_)
        for (const auto latency : window) means.add(latency);
    return {last.per_second(), serving::latency_summary(last.latencies, means), late};
}

}  // namespace fedgram::experiments
