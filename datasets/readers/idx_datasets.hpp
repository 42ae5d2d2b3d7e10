#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// MNIST and its kin, in IDX files of 28 x 28 pixels: "fashion-mnist", "mnist", "emnist-balanced", ...
[[nodiscard]] std::vector<std::string> idx_dataset_names();

/// Whether the dataset of that name, one of them, lies where its package puts it.
[[nodiscard]] bool is_installed_in_idx(const std::string& name);

/// The four files of one of them, plain or packed, in `folder` or where its package puts them; none without a folder
/// where one is needed, or when one is missing. Throws DataError where one is there twice, in both spellings of its
/// name.
[[nodiscard]] std::vector<std::filesystem::path> idx_files(const std::string& name,
                                                           const std::optional<std::filesystem::path>& folder);

/// One of them, from `folder` or from where its package puts it. Throws as `load` does.
[[nodiscard]] Dataset load_idx_dataset(const std::string& name, const std::optional<std::filesystem::path>& folder);

}  // namespace fedgram::datasets
