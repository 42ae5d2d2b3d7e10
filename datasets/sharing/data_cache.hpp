#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// Datasets that were unpacked once. Each is in a file that later processes map instead of unpacking it again. Its
/// checksum is compared: a file that was damaged, changed or cut off counts as absent.
class DataCache {
public:
    /// In the user's cache; nothing where there is none.
    [[nodiscard]] static std::optional<DataCache> of_user();
    explicit DataCache(std::filesystem::path folder) : folder_{std::move(folder)} {}

    /// What `keep` was given for these files, if they are still the same: their paths, sizes, times and inodes, and how
    /// they are read.
    [[nodiscard]] std::optional<Dataset> find(const spec::Data& wanted,
                                              const std::vector<std::filesystem::path>& files) const;
    /// Where data of these files is kept: another place once one of them, or how they are read, has changed.
    [[nodiscard]] std::filesystem::path place(const spec::Data& wanted,
                                              const std::vector<std::filesystem::path>& files) const;
    /// Keeps what was read from these files, and removes what was kept for that name before. Gives the same data mapped
    /// from there, or `data` itself where it can't be kept (no room, no rights).
    [[nodiscard]] Dataset keep(Dataset data, const spec::Data& wanted,
                               const std::vector<std::filesystem::path>& files) const;

private:
    std::filesystem::path folder_;
};

/// `load`, through the user's cache for what lies in packed files, or takes work to read.
[[nodiscard]] Dataset load_cached(const spec::Data& wanted, const std::optional<std::filesystem::path>& folder);

}  // namespace fedgram::datasets
