#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "experiments/commands/shared_options.hpp"
#include "experiments/lookup/specification.hpp"
#include "experiments/watching/watch_run.hpp"

namespace fedgram::experiments {

struct RunOptions {
    SpecChoice choice;
    std::optional<std::filesystem::path> out{};       ///< absent: results/NAME-UTCTIME
    std::optional<std::uint32_t> client_processes{};  ///< absent: as many as cores, but no more than nodes
    std::optional<std::string> core_power{};  ///< W or LOW:LIKELY:HIGH of a core of this machine; absent: no estimate
    std::optional<std::filesystem::path>
        resume{};                             ///< folder of the run to resume; in place of `choice.spec` and `out`
    std::vector<std::string> only{};          ///< labels of the trainings to run; empty: all
    bool take_up = false;                     ///< `out` may hold this very run, interrupted or whole
    std::optional<std::uint32_t> pause_at{};  ///< rounds of a training, behind which the run stops to be resumed
    std::optional<double> checkpoint_interval_s{};  ///< absent: the coordinator's default
    StoreOptions store{};
    WatchTargets watch{};     ///< for whom a process of its own follows the run
    std::string on = "here";  ///< where its processes go on: "here", or "slurm"
    SlurmChoice slurm{};
    std::optional<std::uint32_t> clients{};           ///< on Slurm: processes that host nodes
    std::optional<std::uint32_t> nodes_per_client{};  ///< on Slurm: at most
    bool private_network = false;                     ///< on Slurm: without TLS
    bool json = false;
    bool full = false;   ///< the whole table.txt on standard output
    bool quiet = false;  ///< nothing on standard output
};

/// `fedgram run`: one experiment, all its processes on this machine. Everything is checked before anything is written
/// or printed. With `resume` it goes on with an interrupted run from its last checkpoint, and says so when that run is
/// whole already; so it does with `take_up`, where `out` holds a run of the same specification. Throws SpecError for a
/// folder that is no run, or another one. On Slurm its processes are steps of the job that it is in, or of one that it
/// asks for. Returns the coordinator's exit code.
[[nodiscard]] int run(const RunOptions& options);

/// The options of a run but for its specification.
void add_run_options(const Subcommand& sub, RunOptions& options);

/// Its options and its help.
void add_run(CommandSet& commands);

}  // namespace fedgram::experiments
