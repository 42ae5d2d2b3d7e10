#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "common/learning/engine/engine.hpp"
#include "common/spec/experiment.hpp"

namespace fedgram::store {

/// What decides a training's bits beside its specification.
struct Surroundings {
    std::string data_sha256;
    std::optional<std::string> model_sha256;  ///< of a TorchScript file, or of what trainings begin with
    learning::EngineInfo engine;
    std::string programs;  ///< programs_digest()
};

/// SHA-256 over the files of the programs that compute, so that none that was built anew counts as the same: this one,
/// fedgram-client beside it, and the LibTorch engine where there is one.
[[nodiscard]] std::string programs_digest();

/// All that decides what comes of a training, as JSON text: trainings with the same text have the same parameters,
/// accuracies and Work. Its label and what only prices its Work are not in it.
[[nodiscard]] std::string training_key(const spec::Experiment& experiment, std::size_t training,
                                       const Surroundings& surroundings);

}  // namespace fedgram::store
