#include "datasets/features/feature_store.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <utility>
#include <vector>

#include "common/files/user_cache.hpp"
#include "datasets/sharing/kept_data.hpp"

namespace fedgram::datasets {

namespace fs = std::filesystem;

namespace {

// A file that nobody has finished for so long is of a process that was killed.
constexpr std::chrono::hours longest_writing{1};

}  // namespace

std::optional<FeatureStore> FeatureStore::of_user()
{
    const auto cache = files::user_cache();
    return cache ? std::optional{FeatureStore{*cache / "features"}} : std::nullopt;
}

fs::path FeatureStore::place(const std::string& key) const { return folder_ / key; }

Dataset FeatureStore::get(const std::string& key, const std::function<Dataset()>& make) const
{
    if (auto kept = find_kept_data(place(key)); kept && kept->sha256 == key) return *std::move(kept);
    auto made = make();
    make_room((made.train.values.size() + made.test.values.size()) * sizeof(float));
    return keep_data(std::move(made), place(key));
}

void FeatureStore::make_room(std::uint64_t more) const
{
    struct File {
        fs::file_time_type written;
        fs::path path;
        std::uint64_t bytes = 0;
    };
    std::error_code gone;  // another process may be at it, too
    std::vector<File> files;
    for (const auto& entry : fs::directory_iterator{folder_, gone}) {
        const auto written = entry.last_write_time(gone);
        if (entry.path().filename().string().find(unfinished_ending) != std::string::npos) {
            if (fs::file_time_type::clock::now() - written > longest_writing) fs::remove(entry.path(), gone);
            continue;
        }
        const auto bytes = gone ? 0 : entry.file_size(gone);
        if (!gone) files.push_back({written, entry.path(), bytes});
    }
    std::ranges::sort(files, {}, &File::written);
    for (const auto& file : files) more += file.bytes;
    for (const auto& file : files) {
        if (more <= most_bytes_) return;
        fs::remove(file.path, gone);
        more -= file.bytes;
    }
}

}  // namespace fedgram::datasets
