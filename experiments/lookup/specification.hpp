#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::experiments {

/// The options that choose a specification.
struct SpecChoice {
    std::string spec;               ///< path of a file, or name of a shipped one
    std::vector<std::string> sets;  ///< KEY=VALUE, see common/spec/override.hpp
    std::optional<std::filesystem::path> data_folder{};
};

/// Names of what ships in `folder`: "specs" or "specs/sweeps".
[[nodiscard]] std::vector<std::string> shipped_names(const std::string& folder);

/// The JSON of a shipped file of `folder` ("specs", "specs/sweeps") by its name, or else of a file by its path. Throws
/// SpecError when there is neither (lists the shipped ones).
[[nodiscard]] nlohmann::ordered_json find_json(const std::string& folder, const std::string& name_or_path);

/// The specification with its settings, before anything in it is looked up. A relative path of a model counts
/// from the specification's own folder, or from the working directory when it comes from a setting; one of data, or of
/// a file that describes data, from `data_folder`, or else from the specification's own folder.
[[nodiscard]] spec::Experiment read_specification(const SpecChoice& choice);

/// Takes the stand-in, where the specification names one, for a dataset that is not at hand: without a data folder, and
/// not where its package puts it. True when it did; the specification says so from then on. Throws SpecError for an
/// unknown one.
bool choose_dataset(spec::Experiment& experiment, const std::optional<std::filesystem::path>& data_folder);

/// Replaces names by what they stand for and fills in what is left open, so that the specification needs nothing else.
/// Checks everything that could stop a run: the model, the partitions, the accounting. Where data is synthetic the
/// title's note says so. A TorchScript model is opened, which loads the engine. Throws SpecError or
/// DataError.
void resolve(spec::Experiment& experiment, const datasets::Dataset& data);

/// Leaves the trainings with these labels alone in it, in its own order; all where there is no label. Throws SpecError
/// for an unknown one (lists the known ones), which `option` names.
void keep_trainings(spec::Experiment& experiment, const std::vector<std::string>& labels, const std::string& option);

/// All of the above but for keep_trainings.
[[nodiscard]] spec::Experiment resolved_specification(const SpecChoice& choice);

}  // namespace fedgram::experiments
