#pragma once

#include <optional>
#include <span>
#include <vector>

#include "common/serving/latency_summary.hpp"
#include "common/serving/nanoseconds.hpp"
#include "common/serving/windows.hpp"

namespace fedgram::experiments {

/// Deals out answers to windows, by when they came, until windows agree. Knows no clock: times come in, since the start
/// of the load, and never go back.
class LoadMeasurement {
public:
    /// The first window begins at `begin`. Without a `window` there is one, from `begin` to whenever the load ends.
    LoadMeasurement(serving::Nanoseconds begin, std::optional<serving::Nanoseconds> window);

    void answered(serving::Nanoseconds due, serving::Nanoseconds now);
    /// Ends the windows that are over by now.
    void time_passes(serving::Nanoseconds now);

    [[nodiscard]] serving::Stability stability() const { return stability_; }
    /// The end of the window that is open; nothing without windows.
    [[nodiscard]] std::optional<serving::Nanoseconds> window_end() const;

    struct Result {
        double throughput = 0;
        serving::LatencySummary latency{};
    };
    /// Of the last three windows; of all answers where there are no windows, up to `now`.
    [[nodiscard]] Result result(serving::Nanoseconds now) const;

private:
    serving::Nanoseconds begin_;  // of the open window
    std::optional<serving::Nanoseconds> length_;
    serving::Stability stability_ = serving::Stability::open;
    std::vector<serving::Window> windows_;                   // the last is open
    std::vector<std::vector<serving::Nanoseconds>> latest_;  // latencies in the order of their ends; of the
                                                             // windows that may be the result alone
};

}  // namespace fedgram::experiments
