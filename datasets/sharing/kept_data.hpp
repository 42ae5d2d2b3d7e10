#pragma once

#include <filesystem>
#include <optional>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// Behind the name of a file that is being written, or that a process left so when it was killed.
inline constexpr const char* unfinished_ending = ".unfinished-";

/// The dataset that `keep_data` wrote there, mapped; nothing where there is none, where it isn't a file of this user's
/// own, and where it was damaged, changed or cut off, as its checksum says.
[[nodiscard]] std::optional<Dataset> find_kept_data(const std::filesystem::path& path);

/// Writes it under another name and renames, so that a reader sees all of it or nothing, and the last of several
/// writers stays. Gives the same data mapped from there, or `data` itself where it can't be kept (no room, no rights).
[[nodiscard]] Dataset keep_data(Dataset data, const std::filesystem::path& path);

}  // namespace fedgram::datasets
