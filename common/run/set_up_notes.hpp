#pragma once

#include <string>

// What a reader of a training's joules must know of how it was set up, each note without a full stop.
namespace fedgram::run {

/// Of trainings that begin with the model in this file.
[[nodiscard]] std::string start_note(const std::string& file);

/// Of a training in bf16.
[[nodiscard]] std::string precision_note(const std::string& label);

}  // namespace fedgram::run
