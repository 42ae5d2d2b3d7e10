#pragma once

#include <filesystem>
#include <string>

namespace fedgram::experiments {

class CommandSet;

struct ExportOptions {
    std::filesystem::path model;  ///< a file that a reduction has left, or the folder of a run
    std::string training{};       ///< of a run: label; empty: the first
    std::string reduction{};      ///< of a run: label; empty: the training's own model
    std::filesystem::path onnx;   ///< the file that is written
};

/// `fedgram export`: writes a trained or reduced model in a format that other programs run.
[[nodiscard]] int export_model(const ExportOptions& options);

/// Its options and its help.
void add_export(CommandSet& commands);

}  // namespace fedgram::experiments
