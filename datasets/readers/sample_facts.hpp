#pragma once

#include <string>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// What a model trained on `data` needs to be used, and how many samples it is tested on, as a JSON object: `shape`
/// (channels, height, width), `class_count`, `test_samples`, and what Dataset::making says of a user's own files
/// but for whose the samples are.
[[nodiscard]] std::string sample_facts(const Dataset& data);

}  // namespace fedgram::datasets
