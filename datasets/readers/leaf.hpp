#pragma once

#include <filesystem>
#include <vector>

#include "datasets/readers/raw_samples.hpp"

namespace fedgram::datasets {

/// The files that a path of LEAF means: itself, or the .json files of a folder, by name.
[[nodiscard]] std::vector<std::filesystem::path> leaf_files(const std::vector<std::string>& paths);

/// JSON as LEAF's preprocessing writes it (Caldas et al. 2018, arXiv:1812.01097): `users`, and by user in `user_data`
/// the samples `x` (lists of numbers, or texts of one length) with their labels `y`. A user is a node. Throws DataError
/// with file, user and sample for what isn't so.
[[nodiscard]] RawSamples read_leaf(const std::vector<std::string>& paths);

}  // namespace fedgram::datasets
