#pragma once

#include <string>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// What a user's own files call what Fedgram numbers.
struct OwnNames {
    std::vector<std::string> classes;  ///< by label
    std::vector<std::string> owners;   ///< by the number in Split::nodes
};

/// Of Dataset::making. Empty where the data has no such names: a dataset that ships has none, nor do files that don't
/// say whose a sample is.
[[nodiscard]] OwnNames own_names(const Dataset& data);

}  // namespace fedgram::datasets
