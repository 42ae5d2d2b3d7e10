#include "datasets/readers/cifar10.hpp"

#include <array>
#include <system_error>
#include <utility>

#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "datasets/readers/unpacked_file.hpp"

namespace fedgram::datasets {

namespace {

constexpr std::uint32_t channels = 3;
constexpr std::uint32_t side = 32;
constexpr std::uint32_t classes = 10;
constexpr std::size_t pixels = std::size_t{channels} * side * side;
constexpr std::size_t images_per_batch = 10'000;
constexpr const char* remedy =
    "download CIFAR-10's binary version (cifar-10-binary.tar.gz, www.cs.toronto.edu/~kriz/cifar.html), unpack it and "
    "name its folder with --data-dir; or set data.dataset=synthetic-cifar10, which has its shapes and is no CIFAR-10";

constexpr std::array batch_names{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin",
                                 "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"};

/// The archive unpacks into a folder of this name, and a user may name either.
std::filesystem::path folder_of_batches(const std::filesystem::path& folder)
{
    std::error_code unreadable;
    const auto unpacked = folder / "cifar-10-batches-bin";
    return std::filesystem::is_directory(unpacked, unreadable) ? unpacked : folder;
}

void append_batch(OwnedSplit& split, const std::filesystem::path& path)
{
    const auto batch = read_cifar10_batch(path);
    if (batch.labels.size() != images_per_batch)
        throw DataError{path.string() + ": " + std::to_string(batch.labels.size()) + " images; expected 10000"};
    split.labels.insert(split.labels.end(), batch.labels.begin(), batch.labels.end());
    split.pixels.insert(split.pixels.end(), batch.pixels.begin(), batch.pixels.end());
}

}  // namespace

OwnedSplit read_cifar10_batch(const std::filesystem::path& path)
{
    UnpackedFile file{path};
    OwnedSplit split;
    std::array<std::uint8_t, 1 + pixels> record{};
    for (std::size_t got = 0; (got = file.read(record)) > 0;) {
        const auto place = std::to_string(split.labels.size());
        if (got < record.size())
            throw DataError{path.string() + ": ends inside record " + place + ", after " + std::to_string(got) +
                            " bytes; expected 3073 (a label, 3 x 32 x 32 pixels)"};
        if (record.front() >= classes)
            throw DataError{path.string() + ": label " + std::to_string(record.front()) + " of record " + place +
                            "; expected 0 to 9"};
        split.labels.push_back(record.front());
        split.pixels.insert(split.pixels.end(), record.begin() + 1, record.end());
    }
    if (split.labels.empty()) throw DataError{path.string() + ": is empty; expected records of 3073 bytes"};
    return split;
}

std::vector<std::filesystem::path> cifar10_files(const std::optional<std::filesystem::path>& folder)
{
    if (!folder) return {};
    std::vector<std::filesystem::path> files;
    for (const char* const name : batch_names) {
        auto file = find_plain_or_packed(folder_of_batches(*folder), name);
        if (!file) return {};
        files.push_back(*std::move(file));
    }
    return files;
}

Dataset load_cifar10(const std::optional<std::filesystem::path>& folder)
{
    if (!folder) throw SpecError{std::string{"data.dataset: no package brings \"cifar10\"; "} + remedy};
    OwnedSplit train;
    OwnedSplit test;
    train.pixels.reserve(5 * images_per_batch * pixels);
    with_way_out(remedy, [&] {
        std::vector<std::filesystem::path> files;
        files.reserve(std::size(batch_names));
        for (const char* const name : batch_names) files.push_back(plain_or_packed(folder_of_batches(*folder), name));
        for (const auto& file : files) append_batch(file == files.back() ? test : train, file);
    });
    return with_samples({.name = "cifar10", .channels = channels, .height = side, .width = side, .classes = classes},
                        std::move(train), std::move(test));
}

}  // namespace fedgram::datasets
