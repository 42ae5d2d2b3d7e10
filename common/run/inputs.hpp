#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "common/spec/layer.hpp"

namespace fedgram::run {

/// inputs.json: the digests of what a run is made of beside its specification. It stands in the folder from the run's
/// first second, so that a resumed run is made of the same. (Grids and devices are in spec.json by their values.)
struct Inputs {
    std::string dataset;
    std::string data_sha256;
    /// What a model that the run trains needs to be used, as a JSON object: the samples' shape, and of a user's own
    /// files the classes in order, the features and what they were standardized by.
    std::string facts{};
    std::optional<std::string> model_file{};  ///< TorchScript, or what trainings begin with; nothing without either
    std::optional<std::string> model_sha256{};
};

/// Those of a specification whose data has this digest. Throws SystemError where the model's file can't be read.
[[nodiscard]] Inputs inputs_of(const std::string& dataset, const std::string& data_sha256, const spec::ModelSpec& model,
                               const std::string& facts = "");

/// Writes inputs.json where there is none; a folder of an earlier version has the data's digest in summary.json. Throws
/// DataError that names what differs from what the run began with, and how.
void pin_inputs(const std::filesystem::path& folder, const Inputs& inputs);

}  // namespace fedgram::run
