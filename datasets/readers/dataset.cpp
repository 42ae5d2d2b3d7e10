#include "datasets/readers/dataset.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "datasets/readers/cifar10.hpp"
#include "datasets/readers/idx_datasets.hpp"
#include "datasets/readers/synthetic.hpp"

namespace fedgram::datasets {

namespace {

using Folder = std::optional<std::filesystem::path>;

/// One way to get datasets.
struct Kind {
    std::vector<std::string> (*names)();
    bool (*at_hand)(const std::string& name);  ///< without a folder
    /// Throws DataError when one is missing.
    std::vector<std::filesystem::path> (*files)(const std::string& name, const Folder& folder);
    Dataset (*load)(const std::string& name, const Folder& folder);
};

constexpr std::array kinds{
    Kind{idx_dataset_names, is_installed_in_idx, idx_files, load_idx_dataset},
    Kind{[] { return std::vector<std::string>{"cifar10"}; }, [](const std::string&) { return false; },
         [](const std::string&, const Folder& folder) { return cifar10_files(folder); },
         [](const std::string&, const Folder& folder) { return load_cifar10(folder); }},
    Kind{synthetic_names, [](const std::string&) { return true; },
         [](const std::string&, const Folder&) { return std::vector<std::filesystem::path>{}; },
         [](const std::string& name, const Folder&) { return make_synthetic(name); }},
};

const Kind& kind_of(const std::string& name)
{
    for (const auto& kind : kinds)
        if (std::ranges::count(kind.names(), name) > 0) return kind;
    std::string known;
    for (const auto& other : dataset_names()) known += (known.empty() ? "" : ", ") + other;
    throw SpecError{"data.dataset: unknown \"" + name + "\"; use one of " + known};
}

}  // namespace

Dataset with_samples(Dataset described, OwnedSplit train, OwnedSplit test)
{
    const auto owned = std::make_shared<const std::array<OwnedSplit, 2>>(std::array{std::move(train), std::move(test)});
    described.train = {owned->front().pixels, owned->front().labels};
    described.test = {owned->back().pixels, owned->back().labels};
    described.memory = owned;
    described.sha256 = files::sha256({std::as_bytes(described.train.pixels), std::as_bytes(described.train.labels),
                                      std::as_bytes(described.test.pixels), std::as_bytes(described.test.labels)});
    return described;
}

Dataset load(const std::string& name, const Folder& folder) { return kind_of(name).load(name, folder); }

std::vector<std::filesystem::path> packed_files(const std::string& name, const Folder& folder)
{
    auto files = kind_of(name).files(name, folder);
    const auto is_packed = [](const auto& file) { return file.extension() == ".gz"; };
    return std::ranges::any_of(files, is_packed) ? files : decltype(files){};
}

bool at_hand(const std::string& name) { return kind_of(name).at_hand(name); }

std::vector<std::string> dataset_names()
{
    std::vector<std::string> names;
    for (const auto& kind : kinds)
        for (auto& name : kind.names()) names.push_back(std::move(name));
    return names;
}

}  // namespace fedgram::datasets
