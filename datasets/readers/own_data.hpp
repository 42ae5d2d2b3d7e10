#pragma once

#include <string>

#include "common/spec/data_files.hpp"
#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// A user's own data under the name given. Classes are `files.labels`, or else the labels that occur, sorted: as
/// numbers where all of them are whole numbers, else as texts. Characters of a text are sorted in among them, and
/// become their place. Without a test set `test_share` of each class is held out, the same for every experiment. Throws
/// DataError with the row, sample or file for what is damaged, mixed, of a wrong type or without a label.
[[nodiscard]] Dataset load_own(const std::string& name, const spec::DataFiles& files);

}  // namespace fedgram::datasets
