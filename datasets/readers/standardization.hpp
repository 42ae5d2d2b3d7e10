#pragma once

#include <string>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// By feature, over the training set.
struct Standardization {
    std::vector<double> mean;
    std::vector<double> deviation;
};

/// Each feature to mean 0 and deviation 1 over the training set; one that is always the same becomes 0. `where` names
/// the data in errors. Throws DataError for bytes, and for a value that no float holds then.
Standardization standardize(OwnedSplit& train, OwnedSplit& test, const std::string& where);

}  // namespace fedgram::datasets
