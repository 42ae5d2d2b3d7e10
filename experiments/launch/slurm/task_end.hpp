#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace fedgram::experiments::slurm {

/// How a task of an array ended, as it has written down itself.
struct TaskEnd {
    int exit_code = 0;  ///< 128 + signal where a signal ended what it ran
    std::string node;
    std::string job;             ///< Slurm's id of the task: "12_3"
    std::uint32_t restarts = 0;  ///< how often Slurm had put it back into the queue

    /// It was told to end, or was killed: there is more to do, by the next copy of it.
    [[nodiscard]] bool is_interrupted() const { return exit_code > 128; }
    /// "exit code 3 on node2 (job 12_3)"
    [[nodiscard]] std::string text() const;
};

/// Nothing for what is no such file.
[[nodiscard]] std::optional<TaskEnd> parse_task_end(std::string_view text);

}  // namespace fedgram::experiments::slurm
