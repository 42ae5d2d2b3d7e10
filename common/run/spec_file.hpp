#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/run/evaluation_set.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::run {

/// What spec.json of a run holds: the resolved specification, which stands for itself.
[[nodiscard]] std::string spec_text(const spec::Experiment& experiment);

/// The experiment that such a text states in full, to run it; `where` names it in errors. Throws SpecError, also
/// for an imported run, and DataError for a newer format.
[[nodiscard]] spec::Experiment parse_spec_text(std::string_view text, const std::string& where);

/// A training of the plan.
struct PlannedTraining {
    std::string label;
    /// How its data is dealt out: "10 nodes, partition dirichlet (alpha 0.5)"; empty for a centralized one.
    std::string set_up;
    std::uint32_t nodes = 0;                                        ///< 0 of a centralized one
    std::shared_ptr<const nlohmann::ordered_json> fleet = nullptr;  ///< resolved; null where all nodes are alike
    /// spec::has_virtual_rules
    bool is_scheduled = false;
    bool is_buffered = false;      ///< asynchronous: no node waits for another
    std::string beside_methods{};  ///< spec::setting_beside_methods; empty for a centralized one
    bool is_plain_fedavg = false;  ///< spec::is_plain_fedavg
    std::string local_training{};  ///< spec::local_training_words; empty for a centralized one
    bool is_in_bf16 = false;       ///< the products of its steps
};

/// Where the Work of a run comes from that Fedgram didn't train.
struct Imported {
    std::string file;
    std::vector<std::string> lacks;  ///< what of Work the file doesn't have: "kernels", "memory_bytes"
};

/// spec.json, as far as whoever looks at a run afterwards needs it. A folder from before a key was added to the
/// specification reads as well as today's.
struct SpecFile {
    std::string name;
    std::uint64_t seed = 0;
    std::string model;    ///< its name; "a user's model" where it has none
    std::string start{};  ///< the file of the model that trainings begin with; empty: they begin with drawn parameters
    std::string dataset;  ///< its name
    std::optional<double> target_accuracy;
    std::uint32_t evaluations_in_a_row = 1;
    std::string title_note;                      ///< may be empty
    std::optional<std::uint64_t> train_samples;  ///< of the subset that trains; nothing: all
    EvaluationSet evaluated_on = EvaluationSet::test;
    std::vector<PlannedTraining> trainings;
    std::vector<std::string> reductions{};                     ///< their labels
    std::optional<Imported> imported;                          ///< nothing: it was trained here
    std::shared_ptr<const nlohmann::ordered_json> accounting;  ///< resolved
    std::string setting;  ///< all but name and seed, as text: runs that share it differ in the seed alone
};

/// FOLDER/spec.json. Throws DataError that names file and key.
[[nodiscard]] SpecFile read_spec_file(const std::filesystem::path& folder);

}  // namespace fedgram::run
