#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fedgram::experiments::slurm {

/// A task of an array that Slurm still has: it waits, runs, or is being brought to its end.
struct QueuedTask {
    std::string array;  ///< the array's job id
    std::uint32_t index = 0;
    std::string name;    ///< of the job
    std::string state;   ///< "PENDING"
    std::string reason;  ///< why it waits; "None" where it doesn't

    /// Slurm won't start it by itself any more.
    [[nodiscard]] bool is_held() const;
    /// It waits, and not for its turn alone: its user should know why.
    [[nodiscard]] bool is_stuck() const;
};

/// By this `squeue --noheader --array` prints what is read here.
inline constexpr const char* queue_format = "%F|%K|%j|%T|%r";

/// From its lines. What is no task of an array is left out.
[[nodiscard]] std::vector<QueuedTask> parse_queue(std::string_view text);

}  // namespace fedgram::experiments::slurm
