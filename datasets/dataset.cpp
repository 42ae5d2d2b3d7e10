#include "datasets/dataset.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string_view>

#include "common/error/error.hpp"
#include "datasets/cifar10.hpp"
#include "datasets/idx_datasets.hpp"
#include "datasets/synthetic.hpp"

namespace fedgram::datasets {

namespace {

using Folder = std::optional<std::filesystem::path>;

/// A way to come by datasets.
struct Kind {
    std::vector<std::string> (*names)();
    bool (*at_hand)(const std::string& name);  ///< without a folder
    Dataset (*load)(const std::string& name, const Folder& folder);
};

constexpr std::array kinds{
    Kind{idx_dataset_names, is_installed_in_idx, load_idx_dataset},
    Kind{[] { return std::vector<std::string>{"cifar10"}; }, [](const std::string&) { return false; },
         [](const std::string&, const Folder& folder) { return load_cifar10(folder); }},
    Kind{synthetic_names, [](const std::string&) { return true; },
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

std::string sha256_of(const Dataset& dataset)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    std::array<unsigned char, 32> digest{};
    bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
    for (const auto* const part :
         {&dataset.train.pixels, &dataset.train.labels, &dataset.test.pixels, &dataset.test.labels})
        good = good && EVP_DigestUpdate(context.get(), part->data(), part->size()) == 1;
    if (!good || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
        throw SystemError{"OpenSSL computes no SHA-256; check the installation of libssl3"};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : digest) (text += digits[byte >> 4]) += digits[byte & 15];
    return text;
}

}  // namespace

Dataset with_samples(Dataset described, OwnedSplit train, OwnedSplit test)
{
    const auto owned = std::make_shared<const std::array<OwnedSplit, 2>>(std::array{std::move(train), std::move(test)});
    described.train = {owned->front().pixels, owned->front().labels};
    described.test = {owned->back().pixels, owned->back().labels};
    described.memory = owned;
    described.sha256 = sha256_of(described);
    return described;
}

Dataset load(const std::string& name, const Folder& folder) { return kind_of(name).load(name, folder); }

bool at_hand(const std::string& name) { return kind_of(name).at_hand(name); }

std::vector<std::string> dataset_names()
{
    std::vector<std::string> names;
    for (const auto& kind : kinds)
        for (auto& name : kind.names()) names.push_back(std::move(name));
    return names;
}

}  // namespace fedgram::datasets
