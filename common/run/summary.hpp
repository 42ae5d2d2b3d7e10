#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/energy/meters/measured_training.hpp"
#include "common/energy/meters/meter_record.hpp"
#include "common/run/evaluation_set.hpp"
#include "common/run/frozen_cost.hpp"
#include "common/run/method_cost.hpp"
#include "common/run/node_test.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::run {

enum class TrainingKind { centralized, federated };

/// Why a training came to its end.
enum class Ending {
    target,
    limit,
    interrupted,
    diverged,  ///< the loss was no number, or too few updates could enter the model; the others went on
};

[[nodiscard]] std::string_view name(TrainingKind kind);
[[nodiscard]] std::string_view name(Ending ending);

/// What an earlier run spent on a training that this one took from a store.
struct SpentEarlier {
    double host_cpu_seconds = 0;
    double host_wall_seconds = 0;

    friend bool operator==(const SpentEarlier&, const SpentEarlier&) = default;
};

/// What a federated training's privacy has come to.
struct PrivacySpending {
    double epsilon = 0;
    double delta = 0;
    double noise_multiplier = 0;  ///< in clips
    double clip = 0;              ///< the last one
    std::uint32_t rounds = 0;     ///< that have spent it, also those that nobody took part in
    /// The chance that a node takes part in a round; nothing in a folder from before it was written.
    std::optional<double> sampling_rate{};
    std::string accountant;   ///< "RDP, Poisson sampling"
    std::string assumptions;  ///< a sentence

    friend bool operator==(const PrivacySpending&, const PrivacySpending&) = default;
};

/// How one training ended, and what it cost this host.
struct TrainingSummary {
    std::string label;
    TrainingKind kind = TrainingKind::centralized;
    std::optional<bool> reached_target;  ///< nothing where the spec has no target
    Ending ending = Ending::limit;
    std::string ended_early{};  ///< why there was no further round before the limit, as a clause; else empty
    EvaluationSet evaluated_on = EvaluationSet::test;  ///< what the next three are of
    double test_accuracy = 0;  ///< of the final model, a fraction of 1; NaN of imported work that doesn't tell
    double test_loss = 0;
    double best_test_accuracy = 0;
    std::optional<FinalTest> final_test{};  ///< of a training that was evaluated elsewhere, where it was measured
    std::uint32_t rounds = 0;               ///< evaluations, of a centralized training
    Seconds virtual_seconds;
    std::string parameters_sha256;
    std::map<std::string, std::uint64_t> refused_updates;  ///< how many, by reason; of a federated training
    std::uint32_t incomplete_rounds = 0;                   ///< that went on without some of their nodes
    std::uint64_t missing_updates = 0;                     ///< of those nodes
    std::uint64_t lost_updates = 0;  ///< by virtual time: of nodes that were too late, or went away
    std::string schedule_sha256{};   ///< of which nodes took part and when, where the fleet decided on it; else empty
    std::optional<PrivacySpending> privacy{};      ///< nothing without
    std::vector<std::uint32_t> restarted_nodes{};  ///< what they had left to send was lost, ascending
    std::uint64_t wasted_lines = 0;                ///< of the ledger: work that was lost to faults
    Joules wasted;                                 ///< of those lines
    double host_cpu_seconds = 0;                   ///< over all processes; of this machine, never in the table
    double host_wall_seconds = 0;
    double host_node_cpu_seconds = 0;  ///< of the local trainings alone, each on its own thread's clock
    std::optional<energy::MeterRecord> host_node_estimate;  ///< their sum; nothing where no core's watts are stated
    std::vector<energy::MeterRecord> host_meters;           ///< by process, side by side: never summed
    std::vector<energy::MeasuredTraining> measured;         ///< of a centralized one: by meter, never summed
    std::optional<NodeTest> node_test;                      ///< of a federated one that held test sets out
    std::optional<SpentEarlier> from_store;                 ///< nothing: it was trained by this run
    std::vector<MethodCost> methods{};   ///< of a federated one, in the order of spec::Method; none of plain FedAvg
    std::uint64_t model_parameters = 0;  ///< of the model, where there are methods
    std::optional<FrozenCost> frozen{};  ///< nothing where all layers learn
    std::uint64_t buffered_updates = 0;  ///< of asynchronous training: in the model; of a node perhaps several a flush

    [[nodiscard]] bool federated() const { return kind == TrainingKind::federated; }
    [[nodiscard]] bool interrupted() const { return ending == Ending::interrupted; }
    [[nodiscard]] bool diverged() const { return ending == Ending::diverged; }
    [[nodiscard]] bool missed_target() const { return reached_target == false || diverged(); }
};

/// summary.json: how each training of a run ended, and on what it was computed. Written anew after each training.
struct RunSummary {
    /// What computed the numbers: trained bits are promised for one of it only.
    struct Engine {
        std::string name;
        std::string version;
        std::string blas;
        std::string cpu;
    };

    std::string name;
    std::string fedgram;  ///< version of the program
    Engine engine;
    std::optional<std::string> host_cpu_model;  ///< of the machine that simulated
    std::string dataset;
    std::string dataset_note;  ///< may be empty
    std::string data_sha256;
    std::uint64_t raw_data_bytes = 0;  ///< of the training set, as a data centre would have to receive it
    std::vector<TrainingSummary> trainings;

    /// Whether every one of so many planned trainings has ended by its rule.
    [[nodiscard]] bool whole(std::size_t planned) const;
};

[[nodiscard]] nlohmann::ordered_json to_json(const PrivacySpending& privacy);
[[nodiscard]] nlohmann::ordered_json to_json(const TrainingSummary& training);
[[nodiscard]] nlohmann::ordered_json to_json(const RunSummary& summary);

/// Both throw SpecError that names the key below `path`, the value and what would be valid.
[[nodiscard]] TrainingSummary parse_training_summary(const nlohmann::ordered_json& json, const std::string& path);
[[nodiscard]] RunSummary parse_summary(const nlohmann::ordered_json& json, const std::string& path);

/// FOLDER/summary.json. Throws DataError that names file and key.
[[nodiscard]] RunSummary read_summary(const std::filesystem::path& folder);
/// The same; nothing where the file isn't there or is damaged, as a crash or a full disk may leave it.
[[nodiscard]] std::optional<RunSummary> find_summary(const std::filesystem::path& folder);

}  // namespace fedgram::run
