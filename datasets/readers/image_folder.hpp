#pragma once

#include <filesystem>
#include <vector>

#include "datasets/readers/raw_samples.hpp"

namespace fedgram::datasets {

/// PNG and JPEG files of a folder that has a folder for each class, in the order of their paths; what lies elsewhere,
/// or has another ending, isn't a sample.
[[nodiscard]] std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder);

/// Their pixels: 8 bits a channel, as stored, grey or red, green, blue; transparency is left out. A class is its
/// folder's name. Throws DataError with the file for one that is damaged or of another size or colour than the first.
[[nodiscard]] RawSamples read_image_folder(const std::filesystem::path& folder);

}  // namespace fedgram::datasets
