#include "common/serving/windows.hpp"

#include <algorithm>

namespace fedgram::serving {

namespace {

bool agree(std::span<const Window> windows)
{
    if (std::ranges::any_of(windows, [](const Window& window) { return window.latencies.count() == 0; })) return false;
    const auto [least, most] = std::ranges::minmax(windows, {}, &Window::per_second);
    const auto mean = [](const Window& window) { return window.latencies.mean().count(); };
    const auto [quick, slow] = std::ranges::minmax(windows, {}, mean);
    return most.per_second() <= largest_ratio * least.per_second() && mean(slow) <= largest_ratio * mean(quick);
}

}  // namespace

double Window::per_second() const { return static_cast<double>(latencies.count()) / seconds(length).count(); }

Stability stability(std::span<const Window> windows)
{
    if (windows.size() >= agreeing_windows && agree(windows.last(agreeing_windows))) return Stability::stable;
    return windows.size() < most_windows ? Stability::open : Stability::unstable;
}

Window merged(std::span<const Window> windows)
{
    Window all;
    for (const auto& window : windows) {
        all.length += window.length;
        all.latencies.add(window.latencies);
    }
    return all;
}

}  // namespace fedgram::serving
