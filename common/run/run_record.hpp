#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/meters/measured_training.hpp"
#include "common/energy/meters/meter_record.hpp"
#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/work/training_work.hpp"
#include "common/fleet/fleet.hpp"
#include "common/learning/levers/reduction_result.hpp"
#include "common/run/digest.hpp"
#include "common/run/summary.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::run {

/// How a training ended.
struct TrainingOutcome {
    std::string label;
    TrainingKind kind = TrainingKind::centralized;
    std::optional<bool> reached_target;  ///< nothing: there was no target
    double test_accuracy{};              ///< of the final model, a fraction of 1
    double best_test_accuracy{};
    std::uint32_t rounds{};  ///< evaluations, for a centralized one
    bool diverged = false;
    bool interrupted = false;             ///< it was told to stop: its accuracies are NaN where it never was evaluated
    std::string start{};                  ///< the file of the model that it began with; empty: with drawn parameters
    std::optional<FrozenCost> frozen{};   ///< nothing where all layers learned
    bool is_in_bf16 = false;              ///< the products of its steps
    std::optional<NodeTest> node_test{};  ///< where nodes held test sets of their own out

    /// There is no result: what it cost so far is no number like the others.
    [[nodiscard]] bool missed_target() const { return reached_target == false || diverged || interrupted; }
    /// "not reached", "diverged" or "interrupted", of such a training.
    [[nodiscard]] const char* missed_words() const
    {
        return interrupted ? "interrupted" : diverged ? "diverged" : "not reached";
    }
};

struct TrainingRecord {
    TrainingOutcome outcome;
    std::string set_up{};               ///< PlannedTraining::set_up
    std::string beside_methods{};       ///< PlannedTraining::beside_methods
    bool is_plain_fedavg = false;       ///< PlannedTraining::is_plain_fedavg
    std::string local_training{};       ///< PlannedTraining::local_training
    std::vector<MethodCost> methods{};  ///< TrainingSummary::methods, and the next two
    std::uint64_t model_parameters = 0;
    std::uint64_t buffered_updates = 0;
    energy::TrainingWork work;            ///< of the ledger's lines, without idle phases and wasted work
    std::uint32_t nodes = 0;              ///< of a federated one
    std::optional<fleet::Fleet> fleet{};  ///< what its nodes are; nothing: all are alike, as accounting says
    /// When its rounds took place, and how many updates each lost, one for each of work.numbers(), where the fleet
    /// decided on it; else empty.
    std::vector<energy::RoundTimes> times{};
    std::vector<std::uint32_t> lost_updates{};

    /// The fleet's own time has decided who took part, and when rounds ended.
    [[nodiscard]] bool is_scheduled() const { return !times.empty(); }
    /// Of a federated one, those that are in no round.
    [[nodiscard]] std::uint32_t nodes_never_asked() const;
    std::map<std::string, std::uint64_t> refused_updates;  ///< how many, by reason
    std::uint32_t incomplete_rounds{};                     ///< that went on without some of their nodes
    std::uint64_t missing_updates{};
    std::optional<PrivacySpending> privacy{};      ///< of a federated one that has any
    std::vector<std::uint32_t> restarted_nodes{};  ///< what they had left to send was lost, ascending
    double host_cpu_seconds{};                     ///< of this machine: beside the table, never in it
    double host_wall_seconds{};
    std::vector<energy::MeterRecord> host_meters;           ///< what was read meanwhile; each by itself, no sum of them
    std::optional<energy::MeterRecord> host_node_estimate;  ///< of the nodes' own CPU time
    std::vector<energy::MeasuredTraining> measured;         ///< of a centralized one: what trained it, by meter
};

/// A run folder as far as a table needs it.
struct RunRecord {
    std::string name;
    std::string title_note;  ///< what the title must say besides; may be empty
    std::uint64_t seed{};
    std::string model;                           ///< its name; "a user's model" where it has none
    std::string dataset;                         ///< its name
    std::optional<std::uint64_t> train_samples;  ///< of the subset that trains; nothing: all
    std::optional<double> target;
    std::uint32_t evaluations_in_a_row = 1;
    EvaluationSet evaluated_on = EvaluationSet::test;
    std::vector<TrainingRecord> trainings;
    std::vector<learning::ReductionResult> reductions{};  ///< of their models, in the specification's order
    bool whole{};                                         ///< every training that was planned has ended by its rule
    carbon::Accounting accounting;
    std::uint64_t raw_data_bytes{};    ///< of the training set, as a data centre would have to receive it
    std::vector<std::string> cut_off;  ///< labels of trainings that have lines but no end yet: in no table
    std::uint64_t wasted_lines{};
    Joules wasted;                   ///< as the ledger has it
    std::vector<std::string> notes;  ///< what the table's foot must say of the folder
    bool imported = false;           ///< its Work was recorded elsewhere: this machine has spent nothing on it
    std::vector<std::string> lacks;  ///< of imported work: what its file doesn't have, as Imported has it
    std::optional<std::string> host_cpu_model;  ///< of the machine that simulated, where the summary names it

    /// "the first evaluation at or above 90.0 % ends a training"
    [[nodiscard]] std::string stop_rule() const;
};

/// Whether a digest takes the ledger's place where it fits it; or all of the ledger is read, and a digest that says
/// something else is an error.
enum class DigestUse { where_it_fits, checked };

/// Reads DIR/spec.json, DIR/summary.json, and DIR/ledger.jsonl or its digest. Throws DataError that names the file and
/// the key or line. Which nodes did something is read where it is asked for, or the run's own assumptions give them
/// places.
[[nodiscard]] RunRecord read_run(const std::filesystem::path& dir, NodeNumbers nodes = NodeNumbers::asked_for,
                                 DigestUse use = DigestUse::where_it_fits);

}  // namespace fedgram::run
