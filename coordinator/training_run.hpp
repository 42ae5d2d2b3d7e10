#pragma once

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/accounting.hpp"
#include "common/energy/ledger.hpp"
#include "common/energy/meter_record.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/spec/experiment.hpp"
#include "coordinator/host_report.hpp"
#include "coordinator/progress.hpp"
#include "coordinator/run_folder.hpp"
#include "coordinator/running_costs.hpp"
#include "coordinator/stop_rule.hpp"
#include "coordinator/workbench.hpp"

namespace fedgram::coordinator {

/// What every training of a run works with; borrowed from the coordinator, which outlives them.
struct RunContext {
    Workbench& workbench;
    RunFolder& folder;
    Progress& progress;
    const carbon::Accounting& accounting;
    const energy::HostMetering& metering;
};

/// Why a training came to its end.
enum class Ending { target, limit, interrupted };

/// How one training ended.
struct TrainingResult {
    std::string label;
    bool federated = false;
    Ending ending = Ending::limit;
    std::optional<bool> reached_target;  ///< nothing where the spec has no target
    double test_accuracy = 0;            ///< of the final model
    double test_loss = 0;
    double best_test_accuracy = 0;
    std::uint32_t evaluations = 0;
    std::vector<float> parameters;  ///< the final ones
    Seconds virtual_seconds;
    double host_cpu_seconds = 0;   ///< over all processes
    double host_wall_seconds = 0;
    double host_node_cpu_seconds = 0;  ///< of the local trainings alone, each on its own thread's clock
    std::optional<energy::MeterRecord> host_node_estimate;  ///< their sum; nothing where no core's watts are stated
    std::vector<energy::MeterRecord> host_meters;           ///< by process; machines' meters and estimates side by side
    std::vector<energy::LedgerLine> lines;
};

/// The book-keeping that both kinds of training share: an evaluation becomes a line of rounds.jsonl, ledger lines, a
/// line of progress, and a word on whether to go on.
class TrainingRecorder {
public:
    TrainingRecorder(RunContext context, const spec::Training& training, std::uint32_t most_evaluations);

    /// One round, or one interval of a centralized training, and the evaluation at its end. `lines` is what it cost;
    /// true once the target is reached by the stop rule.
    bool evaluated(std::uint32_t round, const learning::Evaluation& evaluation, std::uint32_t participants,
                   std::vector<energy::LedgerLine> lines, Seconds virtual_seconds, double train_loss);

    /// What a node's local training took of its host, and what its client has metered so far.
    void add(std::uint32_t round, std::uint32_t node, HostReport report);

    [[nodiscard]] TrainingResult finish(Ending ending, std::vector<float> parameters);

private:
    RunContext context_;
    StopRule stop_;
    TrainingResult result_;
    RunningCosts costs_;
    std::uint32_t most_evaluations_;
    double cpu_seconds_at_start_;
    double clients_cpu_seconds_ = 0;
    std::unique_ptr<energy::MeterSampler> meters_;  // none where nothing can be read
    std::map<std::string, std::vector<energy::MeterRecord>> client_meters_;  // latest, by process
    std::vector<nlohmann::ordered_json> host_lines_;                         // of the round in hand
    std::chrono::steady_clock::time_point started_;
};

}  // namespace fedgram::coordinator
