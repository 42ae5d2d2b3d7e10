#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/files/descriptor.hpp"
#include "common/run/stored_training.hpp"

namespace fedgram::store {

/// Where a store is, and how much it may take.
struct StorePlace {
    static constexpr double default_gib = 10;

    std::filesystem::path folder;
    double most_gib = default_gib;
};

/// "store" in the user's cache (files::user_cache); nothing where there is none.
[[nodiscard]] std::optional<std::filesystem::path> user_store();

/// What came of trainings, by what decided them: a file for each, which several processes may use at once. A file that
/// is damaged counts as none. When the files take more than they may, those go that were not used for longest.
class TrainingStore {
public:
    /// Makes the folder. Throws SystemError where it can't be made or written to.
    explicit TrainingStore(StorePlace place);

    /// A key's one writer, for as long as it is held; gone with its process.
    class Claim {
    public:
        explicit Claim(files::Descriptor lock) : lock_{std::move(lock)} {}

    private:
        files::Descriptor lock_;
    };
    /// Nothing while another holds it.
    [[nodiscard]] std::optional<Claim> claim(const std::string& key) const;

    /// Nothing where there is none, or a damaged one, which is removed.
    [[nodiscard]] std::optional<run::StoredTraining> find(const std::string& key) const;

    /// False where it takes more than the whole store may. Throws SystemError that names the file.
    bool put(const run::StoredTraining& training) const;

private:
    [[nodiscard]] std::filesystem::path file_of(const std::string& key) const;
    void make_room() const;

    StorePlace place_;
};

}  // namespace fedgram::store
