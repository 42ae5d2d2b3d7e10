#include "datasets/sharing/data_cache.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <span>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "common/files/user_cache.hpp"
#include "common/spec/parse_data.hpp"
#include "datasets/sharing/kept_data.hpp"

namespace fedgram::datasets {

namespace fs = std::filesystem;

namespace {

/// Changes when a file is no longer the one that was read. Throws DataError when it is gone.
std::string identity(const fs::path& file)
{
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) throw DataError{file.string() + ": is gone"};
    const auto time = [](const timespec& at) { return std::to_string(at.tv_sec) + "." + std::to_string(at.tv_nsec); };
    return fs::absolute(file).lexically_normal().string() + "\n" + std::to_string(status.st_size) + " " +
           std::to_string(status.st_ino) + " " + time(status.st_mtim) + " " + time(status.st_ctim) + "\n";
}

bool is_of(const fs::path& file, const std::string& name) { return file.filename().string().starts_with(name + "."); }

}  // namespace

std::optional<DataCache> DataCache::of_user()
{
    const auto folder = files::user_cache();
    return folder ? std::optional{DataCache{*folder}} : std::nullopt;
}

fs::path DataCache::place(const spec::Data& wanted, const std::vector<fs::path>& files) const
{
    std::string identities = wanted.own ? spec::to_json(wanted).dump() : "";
    for (const auto& file : files) identities += identity(file);
    return folder_ / (wanted.dataset + "." + files::sha256(std::as_bytes(std::span{identities})).substr(0, 16));
}

std::optional<Dataset> DataCache::find(const spec::Data& wanted, const std::vector<fs::path>& files) const
{
    auto data = find_kept_data(place(wanted, files));
    if (data && data->name != wanted.dataset) return std::nullopt;
    return data;
}

Dataset DataCache::keep(Dataset data, const spec::Data& wanted, const std::vector<fs::path>& files) const
{
    std::error_code ignored;  // as where there is no folder yet
    for (const auto& entry : fs::directory_iterator{folder_, ignored})
        if (is_of(entry.path(), data.name)) fs::remove(entry.path(), ignored);
    return keep_data(std::move(data), place(wanted, files));
}

Dataset load_cached(const spec::Data& wanted, const std::optional<fs::path>& folder)
{
    const auto files = packed_files(wanted, folder);
    const auto cache = files.empty() ? std::nullopt : DataCache::of_user();
    if (!cache) return load(wanted, folder);
    if (auto kept = cache->find(wanted, files)) return *std::move(kept);
    const auto before = cache->place(wanted, files);
    auto data = load(wanted, folder);
    // A file that changed while it was read isn't the one that is there now.
    return before == cache->place(wanted, files) ? cache->keep(std::move(data), wanted, files) : data;
}

}  // namespace fedgram::datasets
