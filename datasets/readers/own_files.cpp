#include "datasets/readers/own_files.hpp"

#include <algorithm>
#include <string>
#include <system_error>

#include "common/error/error.hpp"
#include "datasets/readers/image_folder.hpp"
#include "datasets/readers/leaf.hpp"

namespace fedgram::datasets {

namespace fs = std::filesystem;

namespace {

/// The paths that a split states: in an archive, arrays are names and no paths.
template <class Split>
auto paths_in(Split& split, spec::DataFormat format)
{
    std::vector<decltype(&split.samples)> paths;
    for (auto& file : split.files) paths.push_back(&file);
    if (format != spec::DataFormat::npz)
        for (auto* path : {&split.samples, &split.labels, &split.nodes})
            if (!path->empty()) paths.push_back(path);
    return paths;
}

std::vector<fs::path> files_of(const spec::SplitFiles& split, spec::DataFormat format)
{
    if (!split.given()) return {};
    if (format == spec::DataFormat::images) return image_files(split.files.front());
    if (format == spec::DataFormat::leaf) return leaf_files(split.files);
    std::vector<fs::path> files;
    for (const auto* path : paths_in(split, format)) files.emplace_back(*path);
    return files;
}

/// Whether a format's files hold the samples' own bytes.
bool is_plain(spec::DataFormat format)
{
    switch (format) {
        case spec::DataFormat::idx:
        case spec::DataFormat::npy:
        case spec::DataFormat::cifar10:
        case spec::DataFormat::cifar100:
        case spec::DataFormat::cifar100_coarse:
            return true;
        case spec::DataFormat::npz:
        case spec::DataFormat::csv:
        case spec::DataFormat::images:
        case spec::DataFormat::leaf:
            break;
    }
    return false;
}

}  // namespace

spec::DataFiles located(spec::DataFiles data, const std::optional<fs::path>& folder)
{
    const fs::path base = folder ? *folder : fs::path{data.folder};
    for (auto* split : {&data.train, &data.test})
        for (auto* path : paths_in(*split, data.format)) *path = (base / *path).lexically_normal().string();
    return data;
}

void check_kinds(const spec::DataFiles& data)
{
    for (const auto* split : {&data.train, &data.test})
        for (const auto* path : paths_in(*split, data.format)) {
            std::error_code unreadable;
            const auto status = fs::status(*path, unreadable);
            if (fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status))
                throw DataError{*path + ": neither a file nor a folder; data is read more than once"};
        }
}

std::vector<fs::path> own_files(const spec::DataFiles& data)
{
    auto files = files_of(data.train, data.format);
    for (auto& file : files_of(data.test, data.format)) files.push_back(std::move(file));
    std::error_code unreadable;
    if (std::ranges::any_of(files, [&](const auto& file) { return !fs::is_regular_file(file, unreadable); })) return {};
    const bool packed = std::ranges::any_of(files, [](const auto& file) { return file.extension() == ".gz"; });
    return !is_plain(data.format) || packed || data.standardize ? files : std::vector<fs::path>{};
}

}  // namespace fedgram::datasets
