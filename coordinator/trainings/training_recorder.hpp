#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/energy/meters/meter_record.hpp"
#include "common/energy/meters/phase_totals.hpp"
#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/fleet/fleet.hpp"
#include "common/learning/updates/update_check.hpp"
#include "common/run/checkpoint.hpp"
#include "common/run/ledger.hpp"
#include "common/run/run_folder.hpp"
#include "common/run/run_progress.hpp"
#include "common/run/running_costs.hpp"
#include "common/spec/experiment.hpp"
#include "common/spec/method.hpp"
#include "coordinator/checkpoints/checkpoint_keeper.hpp"
#include "coordinator/clients/host_report.hpp"
#include "coordinator/rounds/host.hpp"
#include "coordinator/trainings/method_work.hpp"
#include "coordinator/trainings/model_runtime.hpp"
#include "coordinator/trainings/progress.hpp"
#include "coordinator/trainings/stop_rule.hpp"
#include "coordinator/trainings/training_result.hpp"

namespace fedgram::coordinator {

/// What every training of a run works with; borrowed from the coordinator, which outlives them.
struct RunContext {
    ModelRuntime& model_runtime;
    run::RunFolder& folder;
    Progress& progress;
    const carbon::Accounting& accounting;
    const energy::HostMetering& metering;
    CheckpointKeeper& checkpoints;
    std::function<void()> clients_changed;    ///< a client has joined in mid-run
    bool resumed = false;                     ///< the folder holds what was done before, wasted work included
    std::optional<std::uint32_t> pause_at{};  ///< a training stops behind so many rounds, to be resumed
};

/// A round, or an interval of a centralized training, as it was done.
struct DoneRound {
    std::uint32_t number = 0;
    std::vector<energy::NodeRound> nodes;              ///< whose updates are in the model, ascending; centralized: one
    std::optional<energy::Work> aggregation{};         ///< nothing in a centralized training
    std::optional<learning::Evaluation> evaluation{};  ///< of the model that came of it, where it was evaluated
    double train_loss = 0;                             ///< mean over samples
    std::vector<energy::NodeRound> lost{};             ///< of nodes whose updates were lost by virtual time, ascending
    std::uint32_t lost_updates = 0;                    ///< of these; the others were candidates, or given up
    std::optional<energy::RoundTimes> times{};         ///< where the fleet decided on them
    std::optional<run::PrivacySpending> privacy{};     ///< up to this round
    std::vector<MethodWork> methods{};                 ///< of those that the training uses
    std::uint32_t buffered_updates = 0;                ///< of asynchronous training: in the model, of `nodes`
};

/// The book-keeping that both kinds of training share: a round becomes a line of rounds.jsonl and ledger lines, and its
/// evaluation a line of progress, and a word on whether to go on.
class TrainingRecorder {
public:
    /// `from` is where the training goes on.
    TrainingRecorder(const RunContext& context, const spec::Training& training, std::uint32_t most_rounds,
                     const std::optional<run::TrainingPoint>& from);

    /// One round, or one interval of a centralized training. True once the target is reached by the stop rule.
    bool add_round(const DoneRound& round);

    /// The model with which an interrupted training ends, whose last round was not evaluated: in the result alone, and
    /// in nothing that a resumed training goes on from.
    void evaluated(const learning::Evaluation& evaluation);

    /// The final model on the nodes' own test sets: in the result, and its work in the ledger as the coordinator's, in
    /// the last round.
    void tested_nodes(learning::NodeScores scores);

    /// Nullptr where all nodes are alike and decide nothing.
    [[nodiscard]] const fleet::Fleet* fleet() const { return fleet_ ? &*fleet_ : nullptr; }
    /// What the latest round has added, in the table's first country or the nodes' own places; 0 where a grid by the
    /// hour has ended.
    [[nodiscard]] GramsCO2e latest_grams() const { return latest_grams_; }
    /// Of the rounds so far.
    [[nodiscard]] Seconds virtual_time() const { return result_.virtual_seconds; }
    [[nodiscard]] const energy::FleetPricing* fleet_pricing() const
    {
        return fleet_pricing_ ? &*fleet_pricing_ : nullptr;
    }

    /// Wasted work: in the ledger, marked as such, and in no round.
    void wasted(std::span<const run::LedgerLine> lines);

    /// What a node's local training took of its host, and what the client, of this connection, has metered so far.
    void add(std::uint32_t round, std::uint32_t node, ClientId client, HostReport report);
    /// What a client has metered so far.
    void metered(ClientId client, std::vector<energy::MeterRecord> meters);
    /// Writes down what was added: should the round be lost, its cost is still known.
    void flush_host_costs();

    [[nodiscard]] std::uint32_t rounds() const { return result_.rounds; }
    /// Where the training stands now, `of_round` of its next round being done.
    [[nodiscard]] run::RunProgress progress(double of_round = 0) const;
    [[nodiscard]] bool reached() const { return stop_.reached().value_or(false); }
    /// Whether a round with this evaluation is the last one.
    [[nodiscard]] bool would_reach(double accuracy) const { return stop_.would_reach(accuracy); }
    /// It has the rounds that this call of the program was to do.
    [[nodiscard]] bool is_to_pause() const { return context_.pause_at && rounds() >= *context_.pause_at; }
    /// All of this for a checkpoint.
    [[nodiscard]] run::TrainingProgress record() const;

    /// A centralized training computes from one call to the other, and its device's meters are read.
    void begin_train_phase();
    void end_train_phase();

    /// So many of a round's nodes are not in it.
    void missed(std::uint32_t nodes);

    /// An update that did not enter the model.
    void refused(learning::RefusalReason reason) { ++result_.refused_updates[std::string{name(reason)}]; }

    /// A node has begun anew from none of what it should keep by itself.
    void state_lost(std::uint32_t node);

    /// Of a training behind frozen layers, so far.
    void frozen(const run::FrozenCost& cost) { result_.frozen = cost; }

    /// There is no further round, though the limit of rounds isn't reached; why, as a clause.
    void ends_early(const std::string& reason) { result_.ended_early = reason; }

    [[nodiscard]] TrainingResult finish(Ending ending, std::vector<float> parameters);

private:
    [[nodiscard]] run::LedgerLine own_line(std::uint32_t round, energy::Phase phase, const energy::Work& work) const;
    /// From the files of a run that is taken up: they know more than its checkpoint.
    void add_up_folder();
    [[nodiscard]] std::vector<energy::RoundTimes> times_so_far() const;
    void add_up(const run::HostLine& line);
    void add_up_wasted(const run::LedgerLine& line);
    void add_up(const MethodWork& work);
    /// With the host's figures up to now.
    [[nodiscard]] TrainingResult result_so_far() const;

    RunContext context_;
    const std::optional<fleet::Fleet> fleet_;  // of a federated training whose nodes aren't all alike
    const std::optional<energy::FleetPricing> fleet_pricing_;
    StopRule stop_;
    TrainingResult result_;
    run::RunningCosts costs_;
    GramsCO2e latest_grams_;
    bool nodes_wait_;  // for the end of their round
    std::uint32_t most_rounds_;
    std::uint32_t rounds_at_start_;  // that an earlier process did
    double cpu_seconds_at_start_;
    double clients_cpu_seconds_ = 0;
    std::unique_ptr<energy::MeterSampler> meters_;  // none where nothing can be read
    energy::PhaseTotals measured_;
    std::map<ClientId, std::vector<energy::MeterRecord>> client_meters_;  // the latest of each
    std::vector<run::HostLine> host_lines_;                               // not written yet
    std::chrono::steady_clock::time_point started_;
};

}  // namespace fedgram::coordinator
