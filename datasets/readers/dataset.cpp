#include "datasets/readers/dataset.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <tuple>

#include "common/error/error.hpp"
#include "common/files/sha256.hpp"
#include "datasets/readers/cifar.hpp"
#include "datasets/readers/idx_datasets.hpp"
#include "datasets/readers/memory_need.hpp"
#include "datasets/readers/own_data.hpp"
#include "datasets/readers/own_files.hpp"
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
    Kind{cifar_names, [](const std::string&) { return false; }, cifar_files, load_cifar},
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

/// Own files must not pass for a dataset that others know by its name.
const std::string& unknown(const std::string& name)
{
    for (const auto& known : dataset_names())
        if (known == name)
            throw SpecError{"data.dataset: \"" + name + "\" is a known dataset; give your own files another name"};
    return name;
}

}  // namespace

Dataset with_samples(Dataset described, OwnedSplit train, OwnedSplit test)
{
    const auto owned = std::make_shared<const std::array<OwnedSplit, 2>>(std::array{std::move(train), std::move(test)});
    described.train = owned->front().view();
    described.test = owned->back().view();
    described.memory = owned;
    const auto& [train_split, test_split] = std::tie(described.train, described.test);
    described.sha256 = files::sha256({std::as_bytes(train_split.pixels), std::as_bytes(train_split.values),
                                      std::as_bytes(train_split.labels), std::as_bytes(train_split.nodes),
                                      std::as_bytes(test_split.pixels), std::as_bytes(test_split.values),
                                      std::as_bytes(test_split.labels), std::as_bytes(test_split.nodes)});
    return described;
}

Dataset load(const spec::Data& wanted, const Folder& folder)
{
    // Of a file that is larger than memory its reader says how much it needs.
    return with_memory_for(wanted.dataset, 0, [&] {
        if (wanted.own) return load_own(unknown(wanted.dataset), located(*wanted.own, folder));
        return kind_of(wanted.dataset).load(wanted.dataset, folder);
    });
}

std::vector<std::filesystem::path> packed_files(const spec::Data& wanted, const Folder& folder)
{
    if (wanted.own) return own_files(located(*wanted.own, folder));
    auto files = kind_of(wanted.dataset).files(wanted.dataset, folder);
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
