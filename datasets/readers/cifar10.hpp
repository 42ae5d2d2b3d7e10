#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// Reads a file of CIFAR-10's binary version, plain or gzipped: records of a label and 3 x 32 x 32 pixels (red, green,
/// blue), as many as it holds. Throws DataError with the path, what was found and what was expected, when the file
/// can't be opened, is empty, ends inside a record, has a label above 9, or is cut off or damaged inside its gzip.
[[nodiscard]] OwnedSplit read_cifar10_batch(const std::filesystem::path& path);

/// CIFAR-10's six files, plain or packed, the test set's last, in `folder` or in cifar-10-batches-bin below it; none
/// without a folder, or when one is missing.
[[nodiscard]] std::vector<std::filesystem::path> cifar10_files(const std::optional<std::filesystem::path>& folder);

/// CIFAR-10 (Krizhevsky 2009) from its six files, which lie in `folder` or in cifar-10-batches-bin below it, each with
/// its 10,000 images: part of the dataset is refused. Throws SpecError without a folder, DataError for what is
/// missing or damaged.
[[nodiscard]] Dataset load_cifar10(const std::optional<std::filesystem::path>& folder);

}  // namespace fedgram::datasets
