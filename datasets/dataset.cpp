#include "datasets/dataset.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>

#include "common/error/error.hpp"
#include "datasets/idx.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::uint32_t side = 28;  // of every image of MNIST and its kin

enum class Orientation { upright, transposed };

/// What sets one dataset apart from its kin.
struct Source {
    std::string_view name;
    std::uint32_t classes;
    std::uint32_t first_label;  ///< what the file calls class 0
    Orientation orientation;
    std::string_view train_prefix;
    std::string_view test_prefix;
    std::string_view folder;  ///< where its package puts it; empty: there is no package
    std::string_view remedy;
};

constexpr std::string_view get_fashion_mnist =
    "install Debian's package dataset-fashion-mnist, or name the folder of the four IDX files with --data-dir";
constexpr std::string_view get_mnist =
    "download MNIST's four IDX files (yann.lecun.com/exdb/mnist or a mirror) and name their folder with --data-dir";
constexpr std::string_view get_emnist =
    "download EMNIST (nist.gov/itl/products-and-services/emnist-dataset), unpack gzip.zip and name its folder with "
    "--data-dir";

constexpr Source emnist(std::string_view name, std::uint32_t classes, std::uint32_t first_label,
                        std::string_view train_prefix, std::string_view test_prefix)
{
    // NIST's images come as MATLAB laid them out, column by column (Cohen et al. 2017, arXiv:1702.05373).
    return {name, classes, first_label, Orientation::transposed, train_prefix, test_prefix, "", get_emnist};
}

constexpr std::array sources{
    Source{"fashion-mnist", 10, 0, Orientation::upright, "train", "t10k", "/usr/share/datasets/fashion-mnist",
           get_fashion_mnist},
    Source{"mnist", 10, 0, Orientation::upright, "train", "t10k", "", get_mnist},
    emnist("emnist-balanced", 47, 0, "emnist-balanced-train", "emnist-balanced-test"),
    emnist("emnist-byclass", 62, 0, "emnist-byclass-train", "emnist-byclass-test"),
    emnist("emnist-bymerge", 47, 0, "emnist-bymerge-train", "emnist-bymerge-test"),
    emnist("emnist-digits", 10, 0, "emnist-digits-train", "emnist-digits-test"),
    emnist("emnist-letters", 26, 1, "emnist-letters-train", "emnist-letters-test"),
    emnist("emnist-mnist", 10, 0, "emnist-mnist-train", "emnist-mnist-test"),
};

const Source& source_of(const std::string& name)
{
    const auto found = std::find_if(sources.begin(), sources.end(), [&](const Source& s) { return s.name == name; });
    if (found != sources.end()) return *found;
    std::string known;
    for (const auto& source : sources) known += (known.empty() ? "" : ", ") + std::string{source.name};
    throw SpecError{"data.dataset: unknown \"" + name + "\"; use one of " + known};
}

/// The file under its usual name, or that with .gz.
std::filesystem::path existing(const std::filesystem::path& folder, const std::string& name)
{
    std::error_code unreadable;  // counts as absent: opening it then says why
    const auto packed = folder / (name + ".gz");
    if (std::filesystem::exists(folder / name, unreadable)) return folder / name;
    if (std::filesystem::exists(packed, unreadable)) return packed;
    throw DataError{(folder / name).string() + ": no such file, nor with .gz"};
}

void transpose(std::span<std::uint8_t> image)
{
    for (std::uint32_t row = 0; row < side; ++row)
        for (std::uint32_t column = row + 1; column < side; ++column)
            std::swap(image[row * side + column], image[column * side + row]);
}

OwnedSplit read_split(const std::filesystem::path& folder, std::string_view prefix, const Source& source)
{
    const auto image_path = existing(folder, std::string{prefix} + "-images-idx3-ubyte");
    const auto label_path = existing(folder, std::string{prefix} + "-labels-idx1-ubyte");
    auto images = read_idx(image_path, 3);
    auto labels = read_idx(label_path, 1);
    if (images.sizes[1] != side || images.sizes[2] != side)
        throw DataError{image_path.string() + ": images of " + std::to_string(images.sizes[1]) + " x " +
                        std::to_string(images.sizes[2]) + " pixels; expected 28 x 28"};
    if (images.sizes[0] == 0) throw DataError{image_path.string() + ": holds no image; expected at least one"};
    if (labels.sizes[0] != images.sizes[0])
        throw DataError{label_path.string() + ": " + std::to_string(labels.sizes[0]) + " labels; expected " +
                        std::to_string(images.sizes[0]) + ", one for each image of " + image_path.string()};
    for (std::size_t i = 0; i < labels.values.size(); ++i) {
        const std::uint32_t label = labels.values[i];
        if (label < source.first_label || label - source.first_label >= source.classes)
            throw DataError{label_path.string() + ": label " + std::to_string(label) + " of sample " +
                            std::to_string(i) + "; expected " + std::to_string(source.first_label) + " to " +
                            std::to_string(source.first_label + source.classes - 1)};
        labels.values[i] = static_cast<std::uint8_t>(label - source.first_label);
    }
    if (source.orientation == Orientation::transposed)
        for (std::size_t start = 0; start < images.values.size(); start += side * side)
            transpose(std::span{images.values}.subspan(start, side * side));
    return {std::move(images.values), std::move(labels.values)};
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

Dataset load(const std::string& name, const std::optional<std::filesystem::path>& folder)
{
    const auto& source = source_of(name);
    if (!folder && source.folder.empty())
        throw SpecError{"data.dataset: no package brings \"" + name + "\"; " + std::string{source.remedy}};
    const auto where = folder.value_or(source.folder);
    Dataset dataset;
    dataset.name = name;
    dataset.classes = source.classes;
    try {
        auto train = read_split(where, source.train_prefix, source);
        auto test = read_split(where, source.test_prefix, source);
        return with_samples(std::move(dataset), std::move(train), std::move(test));
    } catch (const DataError& error) {
        throw DataError{std::string{error.what()} + "; " + std::string{source.remedy}};
    }
}

std::vector<std::string> dataset_names()
{
    std::vector<std::string> names;
    for (const auto& source : sources) names.emplace_back(source.name);
    return names;
}

}  // namespace fedgram::datasets
