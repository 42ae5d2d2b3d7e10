#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace fedgram::run {

/// progress.json: where a run stands in the middle of a round, for whoever looks on. It is written anew once a second
/// at most, holds what this host does and no result, and is gone once the run has ended.
struct RunProgress {
    /// Where the nodes of the round's cohort stand.
    struct Nodes {
        std::uint32_t training = 0;  ///< at work now
        std::uint32_t waiting = 0;   ///< for their client or their turn
        std::uint32_t delivered = 0;
        std::uint32_t lost = 0;

        friend bool operator==(const Nodes&, const Nodes&) = default;
    };

    std::chrono::sys_seconds time;  ///< of day, by the wall clock
    std::string training;           ///< label
    std::uint32_t rounds = 0;       ///< that are done; of a centralized training, evaluations
    std::uint32_t most_rounds = 0;
    double of_round = 0;                      ///< how much of the next one is done, a fraction of 1
    std::optional<double> rounds_per_second;  ///< of host time, in this process; nothing while nothing is done
    std::optional<Nodes> nodes;               ///< nothing in a centralized training

    /// Host seconds until the last round that may be; the target may end the training earlier.
    [[nodiscard]] std::optional<double> most_seconds_left() const;

    friend bool operator==(const RunProgress&, const RunProgress&) = default;
};

[[nodiscard]] nlohmann::ordered_json to_json(const RunProgress& progress);
/// Throws DataError that names the key below `where`.
[[nodiscard]] RunProgress parse_run_progress(const nlohmann::ordered_json& json, const std::string& where);

}  // namespace fedgram::run
