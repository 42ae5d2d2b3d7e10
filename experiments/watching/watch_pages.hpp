#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/http/server.hpp"
#include "common/report/live/live_run.hpp"

namespace fedgram::experiments {

/// What the process that follows a run knows, for those that it answers.
struct WatchedRun {
    const report::LiveRun& run;
    std::uint64_t revision = 0;             ///< changes with `run`
    std::optional<std::string> farewell{};  ///< once nothing more comes: why
};

/// The page at /TOKEN/ and its events. Whoever lacks the token learns nothing.
class WatchPage {
public:
    /// `watched` must outlive it and all its answers.
    WatchPage(const WatchedRun& watched, std::string token, std::string version);

    [[nodiscard]] http::Answer answer(const http::Request& request) const;

private:
    const WatchedRun& watched_;
    std::string token_;
    std::string version_;
};

/// /metrics, for Prometheus.
[[nodiscard]] http::Answer metrics_answer(const WatchedRun& watched, const http::Request& request);

}  // namespace fedgram::experiments
