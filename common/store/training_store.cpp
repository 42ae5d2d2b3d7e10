#include "common/store/training_store.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>
#include <vector>

#include "common/error/errno_error.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/files/user_cache.hpp"

namespace fedgram::store {

namespace {

namespace fs = std::filesystem;

constexpr const char* suffix = ".training";
constexpr const char* locks_name = "locks";
constexpr double bytes_per_gib = 1024.0 * 1024 * 1024;

std::string digest(const std::string& key) { return files::sha256(std::as_bytes(std::span{key})); }

/// An entry of the store, as its folder has it.
struct File {
    fs::path path;
    std::uint64_t size = 0;
    fs::file_time_type used;
};

/// The latest use comes last. Another process may remove files meanwhile.
std::vector<File> files_in(const fs::path& folder)
{
    std::vector<File> files;
    std::error_code error;
    fs::directory_iterator entry{folder, error};
    for (const fs::directory_iterator end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() != suffix) continue;
        std::error_code gone;
        File file{entry->path(), entry->file_size(gone), {}};
        if (!gone) file.used = entry->last_write_time(gone);
        if (!gone) files.push_back(std::move(file));
    }
    if (error) throw SystemError{folder.string() + " can't be read: " + error.message()};
    std::ranges::sort(files, {}, &File::used);
    return files;
}

}  // namespace

std::optional<fs::path> user_store()
{
    const auto cache = files::user_cache();
    return cache ? std::optional{*cache / "store"} : std::nullopt;
}

TrainingStore::TrainingStore(StorePlace place) : place_{std::move(place)}
{
    std::error_code error;
    fs::create_directories(place_.folder, error);
    if (!error && ::access(place_.folder.c_str(), R_OK | W_OK | X_OK) != 0) error = {errno, std::generic_category()};
    if (error)
        throw SystemError{"the store " + place_.folder.string() + " can't be used: " + error.message() +
                          "; choose another --store"};
}

fs::path TrainingStore::file_of(const std::string& key) const { return place_.folder / (digest(key) + suffix); }

std::optional<TrainingStore::Claim> TrainingStore::claim(const std::string& key) const
{
    const auto path = place_.folder / locks_name;
    files::Descriptor file{::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666)};
    if (file.number() < 0) throw errno_error(path.string() + " can't be opened");
    // One byte of the file for each key. The lock belongs to the open file, and so goes with it.
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = static_cast<off_t>(std::stoull(digest(key).substr(0, 15), nullptr, 16));
    lock.l_len = 1;
    if (::fcntl(file.number(), F_OFD_SETLK, &lock) == 0) return Claim{std::move(file)};
    if (errno != EAGAIN && errno != EACCES) throw errno_error(path.string() + " can't be locked");
    return std::nullopt;
}

std::optional<run::StoredTraining> TrainingStore::find(const std::string& key) const
{
    const auto path = file_of(key);
    if (!fs::is_regular_file(path)) return std::nullopt;
    const auto bytes = files::try_read_file(path);
    if (!bytes) return std::nullopt;
    std::error_code none;
    std::optional<run::StoredTraining> training;
    try {
        training = run::decode_stored_training(*bytes, path.string());
    } catch (const DataError&) {
        fs::remove(path, none);
        return std::nullopt;
    }
    if (training->key != key) return std::nullopt;
    fs::last_write_time(path, fs::file_time_type::clock::now(), none);
    return training;
}

bool TrainingStore::put(const run::StoredTraining& training) const
{
    const auto bytes = run::encode(training);
    if (static_cast<double>(bytes.size()) > place_.most_gib * bytes_per_gib) return false;
    files::write_file(file_of(training.key), bytes);
    make_room();
    return true;
}

void TrainingStore::make_room() const
{
    const auto files = files_in(place_.folder);
    double all = 0;
    for (const auto& file : files) all += static_cast<double>(file.size);
    for (const auto& file : files) {
        if (all <= place_.most_gib * bytes_per_gib) return;
        std::error_code none;
        fs::remove(file.path, none);
        all -= static_cast<double>(file.size);
    }
}

}  // namespace fedgram::store
