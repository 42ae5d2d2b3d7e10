#include "datasets/readers/idx_datasets.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "datasets/readers/idx.hpp"
#include "datasets/readers/unpacked_file.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::uint32_t side = 28;  // of every image of MNIST and its kin

enum class Orientation { upright, transposed };

/// How one dataset differs from the others of its kind.
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

const Source& source_of(std::string_view name)
{
    const auto found = std::ranges::find(sources, name, &Source::name);
    if (found == sources.end()) throw std::logic_error{"no dataset in IDX files is called " + std::string{name}};
    return *found;
}

void transpose(std::span<std::uint8_t> image)
{
    for (std::uint32_t row = 0; row < side; ++row)
        for (std::uint32_t column = row + 1; column < side; ++column)
            std::swap(image[row * side + column], image[column * side + row]);
}

constexpr std::string_view of_images = "images-idx3-ubyte";
constexpr std::string_view of_labels = "labels-idx1-ubyte";

/// A file's name as MNIST's authors spell it, and with a dot, as some distributions do.
std::array<std::string, 2> spellings(std::string_view prefix, std::string_view kind)
{
    const auto dashed = std::string{prefix} + "-" + std::string{kind};
    auto dotted = dashed;
    dotted[dotted.rfind("-idx")] = '.';
    return {dashed, dotted};
}

/// Nothing when there is none. Throws DataError when there are two: one of them would be left out in silence.
std::optional<std::filesystem::path> find_file(const std::filesystem::path& folder, std::string_view prefix,
                                               std::string_view kind)
{
    const auto [dashed, dotted] = spellings(prefix, kind);
    auto found = find_plain_or_packed(folder, dashed);
    auto other = find_plain_or_packed(folder, dotted);
    if (found && other)
        throw DataError{found->string() + " and " + other->filename().string() +
                        ": two files for the same; remove the one that you don't mean"};
    return found ? found : other;
}

std::filesystem::path file_of(const std::filesystem::path& folder, std::string_view prefix, std::string_view kind)
{
    if (auto file = find_file(folder, prefix, kind)) return *std::move(file);
    const auto [dashed, dotted] = spellings(prefix, kind);
    throw DataError{(folder / dashed).string() + ": no such file, nor " + dotted + ", nor either with .gz"};
}

OwnedSplit read_split(const std::filesystem::path& folder, std::string_view prefix, const Source& source)
{
    const auto image_path = file_of(folder, prefix, of_images);
    const auto label_path = file_of(folder, prefix, of_labels);
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

}  // namespace

std::vector<std::string> idx_dataset_names()
{
    std::vector<std::string> names;
    for (const auto& source : sources) names.emplace_back(source.name);
    return names;
}

bool is_installed_in_idx(const std::string& name)
{
    const auto& source = source_of(name);
    return !source.folder.empty() && find_file(source.folder, source.train_prefix, of_images);
}

std::vector<std::filesystem::path> idx_files(const std::string& name,
                                             const std::optional<std::filesystem::path>& folder)
{
    const auto& source = source_of(name);
    if (!folder && source.folder.empty()) return {};
    const auto where = folder.value_or(source.folder);
    std::vector<std::filesystem::path> files;
    for (const auto& prefix : {source.train_prefix, source.test_prefix})
        for (const auto& kind : {of_images, of_labels}) {
            auto file = find_file(where, prefix, kind);
            if (!file) return {};
            files.push_back(*std::move(file));
        }
    return files;
}

Dataset load_idx_dataset(const std::string& name, const std::optional<std::filesystem::path>& folder)
{
    const auto& source = source_of(name);
    if (!folder && source.folder.empty())
        throw SpecError{"data.dataset: no package brings \"" + name + "\"; " + std::string{source.remedy}};
    const auto where = folder.value_or(source.folder);
    return with_way_out(std::string{source.remedy}, [&] {
        auto train = read_split(where, source.train_prefix, source);
        auto test = read_split(where, source.test_prefix, source);
        return with_samples({.name = name, .channels = 1, .height = side, .width = side, .classes = source.classes},
                            std::move(train), std::move(test));
    });
}

}  // namespace fedgram::datasets
