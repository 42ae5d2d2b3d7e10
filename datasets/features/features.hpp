#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "common/learning/model/split_model.hpp"
#include "common/spec/experiment.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// All that decides what a frozen part gives for a dataset: its parameters and layers, the data, how these are
/// normalized, the version of the engine, and whether its kernels fuse. A SHA-256, lower-case hexadecimal.
[[nodiscard]] std::string features_key(const learning::SplitModel& split, std::span<const float> whole,
                                       const Dataset& data, const spec::Normalization& normalization);

/// The dataset with what the frozen part gives in place of its samples, channels x height x width floats each, by so
/// many threads, whose number changes nothing. A normalization's running averages count, and no dropout: nothing of
/// the part trains. `whole` are the whole model's parameters; the digest is the key.
[[nodiscard]] Dataset computed_features(const learning::SplitModel& split, std::span<const float> whole,
                                        const Dataset& data, const spec::Normalization& normalization,
                                        std::uint32_t threads);

}  // namespace fedgram::datasets
