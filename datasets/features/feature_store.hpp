#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "datasets/readers/dataset.hpp"

namespace fedgram::datasets {

/// What frozen parts gave for datasets, computed once. Each is in a file of its key that all processes map. A file
/// that was damaged, changed or cut off counts as absent. Beyond a limit the oldest files go; whoever has mapped one
/// keeps it.
class FeatureStore {
public:
    /// In the user's cache; nothing where there is none.
    [[nodiscard]] static std::optional<FeatureStore> of_user();
    explicit FeatureStore(std::filesystem::path folder, std::uint64_t most_bytes = std::uint64_t{4} << 30)
        : folder_{std::move(folder)}, most_bytes_{most_bytes}
    {
    }

    /// What is there by this key, or else what `make` gives, whose digest is the key, kept where there is room. Of
    /// processes that make the same at once the last one's file stays.
    [[nodiscard]] Dataset get(const std::string& key, const std::function<Dataset()>& make) const;

    [[nodiscard]] std::filesystem::path place(const std::string& key) const;

private:
    /// The oldest files, until `more` bytes have room.
    void make_room(std::uint64_t more) const;

    std::filesystem::path folder_;
    std::uint64_t most_bytes_;
};

}  // namespace fedgram::datasets
