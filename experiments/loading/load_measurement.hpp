#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/serving/batch_means.hpp"
#include "common/serving/latency_summary.hpp"
#include "common/serving/nanoseconds.hpp"
#include "common/serving/windows.hpp"

namespace fedgram::experiments {

/// What ends a measurement in windows, and what of it is the result.
enum class WindowRule {
    until_they_agree,  ///< three in a row, which are the result; the last three of ten that never do
    ten,               ///< all of them, whether the last three agree or not
};

/// Deals out answers to windows, by when they came. Knows no clock: times come in, since the start of the load, and
/// never go back.
class LoadMeasurement {
public:
    /// The first window begins at `begin`. Without a `window` there is one, from `begin` to whenever the load ends.
    /// Answers whose latency is beyond a `deadline` are late.
    LoadMeasurement(serving::Nanoseconds begin, std::optional<serving::Nanoseconds> window,
                    WindowRule rule = WindowRule::until_they_agree,
                    std::optional<serving::Nanoseconds> deadline = std::nullopt);

    void answered(serving::Nanoseconds due, serving::Nanoseconds now);
    /// Ends the windows that are over by now.
    void time_passes(serving::Nanoseconds now);

    /// Open: it goes on, or there are no windows.
    [[nodiscard]] serving::Stability stability() const { return stability_; }
    /// The end of the window that is open; nothing without windows.
    [[nodiscard]] std::optional<serving::Nanoseconds> window_end() const;

    struct Result {
        double throughput = 0;
        serving::LatencySummary latency{};
        std::uint64_t late = 0;  ///< of the latency's answers
    };
    /// Of the windows that the rule says; of all answers where there are none. A load that is ended earlier has a
    /// window that is open, up to `now`.
    [[nodiscard]] Result result(serving::Nanoseconds now) const;
    /// All windows, the open one up to `now`; none where the measurement isn't in windows.
    [[nodiscard]] std::vector<serving::Window> windows(serving::Nanoseconds now) const;

private:
    serving::Nanoseconds begin_;  // of the open window
    std::optional<serving::Nanoseconds> length_;
    WindowRule rule_;
    std::optional<serving::Nanoseconds> deadline_;
    serving::Stability stability_ = serving::Stability::open;
    std::vector<serving::Window> windows_;                   // the last is open
    std::vector<std::uint64_t> late_{0};                     // of each window
    serving::BatchMeans means_;                              // of all answers
    std::vector<std::vector<serving::Nanoseconds>> latest_;  // latencies in the order of their ends, where only the
                                                             // last windows are the result; of those that may be
};

}  // namespace fedgram::experiments
