#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fedgram::experiments::slurm {

/// What Slurm remembers of a job for some minutes after its end (MinJobAge).
struct JobRecord {
    std::string state;      ///< "NODE_FAIL"
    std::string reason;     ///< "None" where it gives none
    std::string exit_code;  ///< "0:9" for an end by signal 9
    std::string nodes;      ///< where it ran

    /// Somebody has ended it by `scancel`.
    [[nodiscard]] bool is_cancelled() const { return state == "CANCELLED"; }
    /// "OUT_OF_MEMORY on node7 (reason OutOfMemory, exit code 0:125)"
    [[nodiscard]] std::string text() const;
};

/// From a line of `scontrol --oneliner show job`; nothing where there is none.
[[nodiscard]] std::optional<JobRecord> parse_job_record(std::string_view text);

}  // namespace fedgram::experiments::slurm
