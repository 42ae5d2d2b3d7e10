#pragma once

#include <filesystem>
#include <vector>

#include "datasets/readers/raw_samples.hpp"

namespace fedgram::datasets {

/// PNG and JPEG files of a folder that has a folder for each class, in the order of their paths. What lies beside the
/// folders, or has another ending, isn't a sample. Throws DataError for a folder that can't be read, a class without an
/// image, or a folder within a class.
[[nodiscard]] std::vector<std::filesystem::path> image_files(const std::filesystem::path& folder);

/// Their pixels: 8 bits a channel, as stored, grey or red, green, blue; transparency is left out. A class is its
/// folder's name. Throws DataError with the file for one that is damaged or of another size or colour than the first.
[[nodiscard]] RawSamples read_image_folder(const std::filesystem::path& folder);

}  // namespace fedgram::datasets
