#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/launch/job_runner.hpp"

namespace fedgram::experiments::slurm {

/// Where an array's tasks find what they need, in the array's own folder.
inline constexpr const char* calls_file = "calls";    ///< a line for each task: what it runs
inline constexpr const char* ends_folder = "ends";    ///< a file for each task that has ended: TaskEnd
inline constexpr const char* script_file = "script";  ///< what each task is
inline constexpr const char* output_file = "output";  ///< what Slurm itself has to say of the tasks

/// What a job is to a shell: a command with its log.
[[nodiscard]] std::string call_of(const Job& job, const std::filesystem::path& program);

/// The script of every task of an array whose folder is `folder`. Task k carries out line k + 1 of the calls. It lives
/// as long as what it runs, hands SIGTERM on to it, and writes down how it ended.
[[nodiscard]] std::string batch_script(const std::filesystem::path& folder);

/// The options by which `sbatch` takes such a script, whose path comes behind them.
struct ArrayOptions {
    std::string name;
    std::uint32_t tasks = 0;
    std::optional<std::uint32_t> at_once{};  ///< tasks; absent: as many as there is room for
    std::uint32_t cpus = 1;                  ///< of a task
    std::optional<std::string> time{};       ///< its limit, as Slurm takes it
    std::vector<std::string> more{};         ///< the user's own
};
[[nodiscard]] std::vector<std::string> sbatch_arguments(const ArrayOptions& options,
                                                        const std::filesystem::path& folder);

}  // namespace fedgram::experiments::slurm
