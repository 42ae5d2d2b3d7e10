#pragma once

#include <filesystem>
#include <string>

#include "common/spec/experiment.hpp"

namespace fedgram::experiments {

/// A model as a file of ONNX.
struct ExportedModel {
    std::string onnx;
    std::string name;
    std::string arithmetic;  ///< "float32", "int8"
};

// Each throws DataError for a model that isn't there or is damaged, SpecError for one that has no form in ONNX.

/// What a training of a run ended with. Notes in the file say how the run normalized its images.
[[nodiscard]] ExportedModel exported_training(const std::filesystem::path& run, const spec::Experiment& experiment,
                                              const std::string& label);

/// What a reduction made of one, with the same notes.
[[nodiscard]] ExportedModel exported_reduction(const std::filesystem::path& run, const spec::Experiment& experiment,
                                               const std::string& label);

/// The same by its file, which doesn't say how images were normalized.
[[nodiscard]] ExportedModel exported_file(const std::filesystem::path& file);

}  // namespace fedgram::experiments
