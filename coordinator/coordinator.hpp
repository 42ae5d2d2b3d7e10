#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/thread_pool.hpp>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/clients/client_hub.hpp"
#include "coordinator/clients/exposure.hpp"
#include "coordinator/trainings/training_recorder.hpp"
#include "datasets/sharing/data_source.hpp"

namespace fedgram::coordinator {

struct Options {
    std::filesystem::path spec;    ///< a resolved specification
    std::filesystem::path folder;  ///< of the run
    std::string listen = "127.0.0.1:0";
    bool resume = false;  ///< go on in `folder`, from its last checkpoint, with its own specification
    std::chrono::milliseconds checkpoint_interval{1000};  ///< between checkpoints, at least
    datasets::DataSource data{};
    std::optional<energy::CorePower> core_power;  ///< of this machine, for an estimate of what its processes draw
    Admission admission;                          ///< what a peer must show to become a client
    Insecurity insecurity = Insecurity::refused;  ///< whether other machines may come without TLS
};

/// One run, from the specification to the tables: waits until the clients host every node, runs one training after the
/// other, writes the run folder.
class Coordinator {
public:
    /// Reads and checks the specification and the data; nothing is listened on or written yet.
    explicit Coordinator(const Options& options);

    /// Returns when the run is over. Throws Interrupted after SIGINT or SIGTERM, with the results so far written.
    void run();

private:
    /// A run that begins, in a folder without one.
    [[nodiscard]] run::Checkpoint begin(const run::RunFolder& folder) const;
    /// Where the run goes on: its last good checkpoint. Work after it is recorded as wasted. Nothing where the run is
    /// over.
    [[nodiscard]] std::optional<run::Checkpoint> take_up(run::RunFolder& folder);
    /// Whether its summary has every training, each ended by its rule.
    [[nodiscard]] bool is_over(const run::RunFolder& folder) const;
    [[nodiscard]] std::vector<run::LedgerLine> record_lost_work(run::RunFolder& folder, const run::FileEnds& ends);
    asio::awaitable<void> conduct(run::RunFolder& folder, CheckpointKeeper& checkpoints);
    asio::awaitable<void> wait_for_nodes();
    asio::awaitable<TrainingResult> centralized(RunContext context, const spec::Training& training);
    void write_processes(const run::RunFolder& folder) const;
    void write_summary(const run::RunFolder& folder, std::vector<run::TrainingSummary> trainings);

    Options options_;
    spec::Experiment experiment_;
    datasets::Dataset data_;
    carbon::Accounting accounting_;
    energy::HostMetering metering_;
    ModelRuntime model_runtime_;
    asio::io_context context_{1};
    std::unique_ptr<ClientHub> hub_;
    std::string address_;
    asio::thread_pool worker_{1};
    std::atomic<bool> stop_{false};
    Progress progress_;
};

}  // namespace fedgram::coordinator
