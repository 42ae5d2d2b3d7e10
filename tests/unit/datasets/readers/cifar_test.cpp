#include "datasets/readers/cifar.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/idx_files.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
using Catch::Contains;

namespace {

constexpr std::size_t pixels = 3 * 32 * 32;

/// A record whose red, green and blue planes are full of `fill`, `fill` + 1 and `fill` + 2.
Bytes record(std::uint8_t label, std::uint8_t fill)
{
    Bytes bytes{label};
    for (std::size_t i = 0; i < pixels; ++i) bytes.push_back(static_cast<std::uint8_t>(fill + i / 1024));
    return bytes;
}

Bytes joined(Bytes first, const Bytes& second)
{
    first.insert(first.end(), second.begin(), second.end());
    return first;
}

/// So many records of zeros, but for the first, in a file that takes no room for them.
void write_batch(const std::filesystem::path& path, const Bytes& first, std::size_t records)
{
    write(path, first);
    std::filesystem::resize_file(path, records * (1 + pixels));
}

/// The six files; in batch i the first record has the label i and the last record is of zeros.
void write_cifar10(const std::filesystem::path& folder)
{
    for (std::uint8_t i = 1; i <= 5; ++i)
        write_batch(folder / ("data_batch_" + std::to_string(i) + ".bin"), record(i, static_cast<std::uint8_t>(10 * i)),
                    10'000);
    write_batch(folder / "test_batch.bin", record(9, 200), 10'000);
}

}  // namespace

TEST_CASE("A batch of CIFAR-10 is a label and three planes of pixels for each image", "[datasets]")
{
    const TemporaryFolder folder;
    const auto records = joined(record(3, 10), record(9, 100));
    for (const auto& bytes : {records, gzipped(records)}) {
        const auto batch = read_cifar_batch(write(folder / "batch", bytes), cifar10_form);
        CHECK(batch.labels == Bytes{3, 9});
        REQUIRE(batch.pixels.size() == 2 * pixels);
        CHECK((batch.pixels[0] == 10 && batch.pixels[1023] == 10 && batch.pixels[1024] == 11));
        CHECK((batch.pixels[3071] == 12 && batch.pixels[3072] == 100));
    }
}

TEST_CASE("A batch that is no batch is refused, with what was found", "[datasets]")
{
    const TemporaryFolder folder;
    const auto error = [&](const Bytes& bytes) {
        return message_of<DataError>([&] { (void)read_cifar_batch(write(folder / "batch", bytes), cifar10_form); });
    };
    CHECK_THAT(error({}), Contains("batch: is empty"));
    auto cut = joined(record(1, 0), record(2, 0));
    cut.resize(3073 + 5);
    CHECK_THAT(error(cut), Contains("ends inside record 1, after 5 bytes; expected 3073"));
    CHECK_THAT(error(joined(record(1, 0), record(10, 0))), Contains("label 10 of record 1; expected 0 to 9"));
    auto packed = gzipped(record(1, 0));
    packed.resize(packed.size() - 4);
    CHECK_THAT(error(packed), Contains("cut off"));
    CHECK_THAT(message_of<DataError>([&] { (void)read_cifar_batch(folder / "absent", cifar10_form); }),
               Contains("absent"));
}

TEST_CASE("CIFAR-10 is its six files, in the folder or where its archive unpacks them", "[datasets]")
{
    const TemporaryFolder folder;
    write_cifar10(folder.path());
    const auto data = load({.dataset = "cifar10"}, folder.path());
    CHECK(data.name == "cifar10");
    CHECK((data.channels == 3 && data.height == 32 && data.width == 32 && data.classes == 10));
    REQUIRE(data.train.size() == 50'000);
    REQUIRE(data.test.size() == 10'000);
    REQUIRE(data.train.pixels.size() == 50'000 * pixels);
    CHECK((data.train.labels[0] == 1 && data.train.labels[1] == 0 && data.train.labels[10'000] == 2));
    CHECK((data.train.pixels[40'000 * pixels] == 50 && data.train.pixels[40'000 * pixels + 1024] == 51));
    CHECK((data.test.labels[0] == 9 && data.test.pixels[0] == 200));

    const auto below = folder / "cifar-10-batches-bin";
    std::filesystem::create_directory(below);
    for (const auto& entry : std::filesystem::directory_iterator{folder.path()})
        if (entry.is_regular_file()) std::filesystem::rename(entry.path(), below / entry.path().filename());
    CHECK(load({.dataset = "cifar10"}, folder.path()).sha256 == data.sha256);
}

TEST_CASE("Part of CIFAR-10 is not CIFAR-10", "[datasets]")
{
    const TemporaryFolder folder;
    write_cifar10(folder.path());
    const auto error = [&] {
        return message_of<DataError>([&] { (void)load({.dataset = "cifar10"}, folder.path()); });
    };
    write_batch(folder / "data_batch_4.bin", record(4, 0), 9'999);
    CHECK_THAT(error(), Contains("data_batch_4.bin: 9999 images; expected 10000") && Contains("--data-dir"));
    std::filesystem::remove(folder / "data_batch_2.bin");
    CHECK_THAT(error(), Contains("data_batch_2.bin: no such file") && Contains("cifar-10-binary.tar.gz"));
    CHECK_THAT(message_of<SpecError>([] { (void)load({.dataset = "cifar10"}, std::nullopt); }),
               Contains("--data-dir") && Contains("synthetic-cifar10"));
    CHECK_FALSE(at_hand("cifar10"));
}
