#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "common/protocol/messages.hpp"
#include "common/serving/latency_record.hpp"
#include "common/serving/latency_summary.hpp"
#include "common/serving/windows.hpp"
#include "common/units/quantity.hpp"
#include "experiments/loading/asked_images.hpp"

namespace fedgram::experiments {

/// What was answered in a window of the measurement.
struct WindowFigures {
    Seconds length;
    std::uint64_t answers = 0;
    double per_second = 0;
    std::optional<Seconds> mean{};  ///< latency; nothing without an answer
};

/// What came of the requests of a load.
struct LoadResult {
    wire::ServerHello server;
    serving::Stability stability = serving::Stability::open;  ///< open: so many requests were asked for, and no windows
    /// Answers a second, in the last three windows or in all.
    double throughput = 0;
    /// Of these answers, from when each request was due.
    serving::LatencySummary latency{};
    std::uint64_t answered_late = 0;       ///< of these answers, beyond the deadline of the options
    std::vector<WindowFigures> windows{};  ///< empty where so many requests were asked for

    // Of all requests, with those before and behind the windows.

    std::uint64_t sent = 0;
    std::uint64_t answered = 0;
    std::uint64_t queue_full = 0;  ///< refused
    std::uint64_t expired = 0;     ///< refused: the deadline was over
    std::uint64_t refused_otherwise = 0;
    std::uint64_t lost = 0;       ///< neither answered nor refused by the end
    std::uint64_t sent_late = 0;  ///< more than 1 ms after they were due: the generator itself was held up
    std::uint64_t not_sent =
        0;  ///< about so many were due at the end of an open loop, and the generator hadn't come to them
    std::optional<LabelledAnswers> labelled{};  ///< where the images have labels

    // The parts of these answers' latencies that the server tells of: until the batch began, and the batch itself.

    serving::LatencyRecord queued{};
    serving::LatencyRecord computed{};

    Seconds generator_core{};  ///< of the generator's thread, from the first request to the last answer

    /// The server's own figures, before the first request and behind the last answer.
    wire::ServerMetrics before{};
    wire::ServerMetrics after{};

    // Why it ended before it should have.

    int signal_number = 0;                 ///< of the signal that ended it; 0: none
    std::optional<std::string> failure{};  ///< what the server did wrong

    /// Whether `after` is there: not where the server went, or nobody waited for it.
    [[nodiscard]] bool has_server_figures() const { return after.uptime_ns() > 0; }

    /// Of the server, for each answer of all; 0 without one.
    [[nodiscard]] double core_seconds_per_answer() const
    {
        if (answered == 0) return 0;
        return (after.core_seconds() - before.core_seconds()) / static_cast<double>(answered);
    }
    /// Requests of a batch, on average; 0 without one.
    [[nodiscard]] double mean_batch() const
    {
        std::uint64_t batches = 0;
        for (int i = 0; i < after.batches_size(); ++i)
            batches += after.batches(i) - (i < before.batches_size() ? before.batches(i) : 0);
        return batches == 0 ? 0
                            : static_cast<double>(after.answered() - before.answered()) / static_cast<double>(batches);
    }
};

}  // namespace fedgram::experiments
