#include "datasets/readers/cifar.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "datasets/readers/unpacked_file.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::uint32_t channels = 3;
constexpr std::uint32_t side = 32;
constexpr std::size_t pixels = std::size_t{channels} * side * side;

/// How one dataset lies on the disk.
struct Source {
    std::string_view name;
    CifarForm form;
    std::string_view folder;  ///< the archive unpacks into one of this name, and a user may name either
    std::string_view archive;
    std::vector<std::string> files;  ///< the test set's last
    std::size_t images_per_train_file;
};

constexpr std::size_t test_images = 10'000;

const std::vector<Source>& sources()
{
    const std::vector<std::string> files_of_100{"train.bin", "test.bin"};
    static const std::vector<Source> all{
        {"cifar10",
         cifar10_form,
         "cifar-10-batches-bin",
         "cifar-10-binary.tar.gz",
         {"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin",
          "test_batch.bin"},
         10'000},
        {"cifar100", cifar100_form, "cifar-100-binary", "cifar-100-binary.tar.gz", files_of_100, 50'000},
        {"cifar100-coarse", cifar100_coarse_form, "cifar-100-binary", "cifar-100-binary.tar.gz", files_of_100, 50'000}};
    return all;
}

const Source& source_of(std::string_view name)
{
    const auto found = std::ranges::find(sources(), name, &Source::name);
    if (found == sources().end()) throw std::logic_error{"no form of CIFAR is called " + std::string{name}};
    return *found;
}

std::string remedy(const Source& source)
{
    return "download its binary version (" + std::string{source.archive} +
           ", www.cs.toronto.edu/~kriz/cifar.html), unpack it and name its folder with --data-dir" +
           (source.name == "cifar10"
                ? "; or set data.dataset=synthetic-cifar10, which has its shapes and is no CIFAR-10"
                : "");
}

std::filesystem::path folder_of_files(const Source& source, const std::filesystem::path& folder)
{
    std::error_code unreadable;
    const auto unpacked = folder / source.folder;
    return std::filesystem::is_directory(unpacked, unreadable) ? unpacked : folder;
}

void append_batch(OwnedSplit& split, const std::filesystem::path& path, const CifarForm& form, std::size_t images)
{
    const auto batch = read_cifar_batch(path, form);
    if (batch.labels.size() != images)
        throw DataError{path.string() + ": " + std::to_string(batch.labels.size()) + " images; expected " +
                        std::to_string(images)};
    split.labels.insert(split.labels.end(), batch.labels.begin(), batch.labels.end());
    split.pixels.insert(split.pixels.end(), batch.pixels.begin(), batch.pixels.end());
}

}  // namespace

OwnedSplit read_cifar_batch(const std::filesystem::path& path, const CifarForm& form)
{
    UnpackedFile file{path};
    OwnedSplit split;
    std::vector<std::uint8_t> record(form.labels + pixels);
    const auto form_text = std::to_string(record.size()) +
                           (form.labels == 1 ? " (a label" : " (a superclass, a class") + ", 3 x 32 x 32 pixels)";
    for (std::size_t got = 0; (got = file.read(record)) > 0;) {
        const auto place = std::to_string(split.labels.size());
        if (got < record.size())
            throw DataError{path.string() + ": ends inside record " + place + ", after " + std::to_string(got) +
                            " bytes; expected " + form_text};
        const auto label = record[form.label];
        if (label >= form.classes)
            throw DataError{path.string() + ": label " + std::to_string(label) + " of record " + place +
                            "; expected 0 to " + std::to_string(form.classes - 1)};
        split.labels.push_back(label);
        split.pixels.insert(split.pixels.end(), record.begin() + static_cast<std::ptrdiff_t>(form.labels),
                            record.end());
    }
    if (split.labels.empty()) throw DataError{path.string() + ": is empty; expected records of " + form_text};
    return split;
}

std::vector<std::string> cifar_names()
{
    std::vector<std::string> names;
    for (const auto& source : sources()) names.emplace_back(source.name);
    return names;
}

std::vector<std::filesystem::path> cifar_files(const std::string& name,
                                               const std::optional<std::filesystem::path>& folder)
{
    if (!folder) return {};
    const auto& source = source_of(name);
    std::vector<std::filesystem::path> files;
    for (const auto& file_name : source.files) {
        auto file = find_plain_or_packed(folder_of_files(source, *folder), file_name);
        if (!file) return {};
        files.push_back(*std::move(file));
    }
    return files;
}

Dataset load_cifar(const std::string& name, const std::optional<std::filesystem::path>& folder)
{
    const auto& source = source_of(name);
    if (!folder) throw SpecError{"data.dataset: no package brings \"" + name + "\"; " + remedy(source)};
    OwnedSplit train;
    OwnedSplit test;
    train.pixels.reserve((source.files.size() - 1) * source.images_per_train_file * pixels);
    with_way_out(remedy(source), [&] {
        std::vector<std::filesystem::path> files;
        for (const auto& file_name : source.files)
            files.push_back(plain_or_packed(folder_of_files(source, *folder), file_name));
        for (const auto& file : files)
            if (file == files.back())
                append_batch(test, file, source.form, test_images);
            else
                append_batch(train, file, source.form, source.images_per_train_file);
    });
    return with_samples(
        {.name = name, .channels = channels, .height = side, .width = side, .classes = source.form.classes},
        std::move(train), std::move(test));
}

}  // namespace fedgram::datasets
