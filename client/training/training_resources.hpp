#pragma once

#include <memory>
#include <string>

#include "common/learning/engine/engine.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/sharing/data_source.hpp"

namespace fedgram::client {

/// What a client trains with, whichever nodes it hosts. Most of its start's time and of its memory goes here.
struct TrainingResources {
    std::string engine_name;
    std::unique_ptr<learning::Engine> engine;
    spec::Data wanted;  ///< what `data` is
    datasets::Dataset data;

    /// Whether this experiment uses this engine and this dataset.
    [[nodiscard]] bool serves(const spec::Experiment& experiment) const;
};

/// Gets the dataset and opens the engine. Call it before other threads start: the engine sets up its own. Throws what
/// `open_engine` and `DataSource::get` throw.
[[nodiscard]] TrainingResources load_training_resources(const std::string& engine, const spec::Data& wanted,
                                                        const datasets::DataSource& source);

}  // namespace fedgram::client
