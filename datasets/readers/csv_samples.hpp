#pragma once

#include <filesystem>

#include "common/spec/data_files.hpp"
#include "datasets/readers/raw_samples.hpp"

namespace fedgram::datasets {

/// CSV files with a heading: a row is a sample of the feature columns' numbers; label and node are texts. A field may
/// stand in quotes; files may be gzipped, begin with a byte order mark, and have any line ends. Throws DataError with
/// file, line and column for a value that is missing or no finite number, and for a row that is too short or too long.
[[nodiscard]] RawSamples read_csv_samples(const spec::SplitFiles& split, const spec::DataFiles& data);

}  // namespace fedgram::datasets
