#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/store/training_store.hpp"
#include "experiments/launch/process_host.hpp"

namespace fedgram::experiments {

/// The processes of one run.
struct RunProcesses {
    std::filesystem::path folder;  ///< of the run, with its spec.json
    bool resume = false;           ///< go on from the folder's last checkpoint
    std::optional<double> checkpoint_interval_s{};
    std::optional<std::uint32_t> pause_at{};  ///< rounds of a training, behind which the run stops to be resumed
    std::string engine;                       ///< of the specification
    std::string dataset;                      ///< the section `data` of the specification, as JSON
    std::optional<std::filesystem::path> data_folder;
    std::optional<int> data_descriptor{};      ///< of a SharedData that outlives the run; absent: each reads the files
    std::optional<std::string> core_power;     ///< for the processes' --core-w
    std::optional<store::StorePlace> store{};  ///< of trainings; absent: all are trained
    std::uint32_t nodes = 0;                   ///< to be hosted, in all
    std::uint32_t client_processes = 0;        ///< at most `nodes`
};

/// Starts the coordinator, then the clients once it listens, and waits for all of them. Several clients of the LibTorch
/// engine are forked from one process that has it loaded. A client that is killed or falls over is started anew with
/// growing pauses, at most five times. All of them are killed with this process. SIGINT and SIGTERM are handed to the
/// coordinator, which ends the clients; another one, 2 s later or more, or no end within a grace time, kills what is
/// left. Returns the coordinator's exit code (128 + signal when it was stopped by one); throws SystemError when the
/// coordinator was killed.
[[nodiscard]] int run_processes(const RunProcesses& run, const ProcessHost& host = LocalHost{});

}  // namespace fedgram::experiments
