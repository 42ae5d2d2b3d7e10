#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "experiments/launch/run_processes.hpp"
#include "experiments/launch/slurm/step_host.hpp"

namespace fedgram::experiments::slurm {

/// How a single run is put on Slurm's nodes.
struct StepOptions {
    Trust trust = Trust::certificates;
    std::uint32_t cpus = 1;             ///< of each process
    std::optional<std::string> time{};  ///< limit of an allocation that is made
    std::vector<std::string> more{};    ///< the user's own options of salloc
};

/// Sees to it that this program is in a job of Slurm's with room for a coordinator and so many clients. Where it is in
/// none, it doesn't return: `salloc` takes this program's place, and calls it again inside. Throws SystemError and
/// SpecError, of one line, where Slurm isn't here, takes no such job, or the job is too small.
void be_in_allocation(std::uint32_t clients, const StepOptions& options);

/// Like run_processes, but each process is a step of the job that this program is in.
[[nodiscard]] int run_steps(const RunProcesses& run, const StepOptions& options);

}  // namespace fedgram::experiments::slurm
