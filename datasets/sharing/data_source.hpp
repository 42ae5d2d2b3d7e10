#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// Where a process takes its data from: files, or memory that it shares with the process that started it.
class DataSource {
public:
    /// Files in a folder, or where each dataset's package puts them.
    explicit DataSource(std::optional<std::filesystem::path> folder = {}) : folder_{std::move(folder)} {}
    /// This one dataset.
    explicit DataSource(Dataset shared) : shared_{std::move(shared)} {}

    /// Throws what `load` throws; DataError when the shared dataset is another one.
    [[nodiscard]] Dataset get(const spec::Data& wanted) const;

private:
    std::optional<std::filesystem::path> folder_;
    std::optional<Dataset> shared_;
};

/// What a command line says: the dataset behind an inherited descriptor, or else a folder, or else the packages'
/// places. Throws DataError for a descriptor of anything else.
[[nodiscard]] DataSource data_source(const std::optional<std::filesystem::path>& folder, std::optional<int> descriptor);

}  // namespace fedgram::datasets
