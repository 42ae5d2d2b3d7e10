#include "datasets/readers/idx.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/idx_files.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
using Catch::Contains;

namespace {

const Bytes six_values{1, 2, 3, 4, 5, 255};

std::string error_of(const std::filesystem::path& path, std::size_t dimensions)
{
    return message_of<DataError>([&] { (void)read_idx(path, dimensions); });
}

/// Enough noise that its gzip is long, and the same each time.
Bytes noise(std::size_t size)
{
    Bytes bytes(size);
    std::uint32_t state = 1;
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24);
    return bytes;
}

}  // namespace

TEST_CASE("An IDX file is read with its sizes and values", "[datasets]")
{
    const TemporaryFolder folder;
    const auto idx = read_idx(write(folder.path() / "f", idx_bytes({1, 2, 3}, six_values)), 3);
    CHECK(idx.sizes == std::vector<std::uint32_t>{1, 2, 3});
    CHECK(idx.values == six_values);
}

TEST_CASE("A gzipped IDX file reads as the plain one does, whatever its name", "[datasets]")
{
    const TemporaryFolder folder;
    const auto values = noise(3'000'000);  // more than one chunk
    const auto idx = read_idx(write(folder.path() / "f", gzipped(idx_bytes({3'000'000}, values))), 1);
    CHECK(idx.values == values);
}

TEST_CASE("A size of zero is an empty file of its kind", "[datasets]")
{
    const TemporaryFolder folder;
    CHECK(read_idx(write(folder.path() / "f", idx_bytes({0}, {})), 1).values.empty());
}

TEST_CASE("A missing IDX file is named with the system's reason", "[datasets]")
{
    const TemporaryFolder folder;
    CHECK_THAT(error_of(folder.path() / "absent", 1), Contains("absent: No such file or directory"));
    CHECK_THAT(error_of(folder.path(), 1), Contains("Is a directory"));
}

TEST_CASE("A wrong magic number is told beside the expected one", "[datasets]")
{
    const TemporaryFolder folder;
    const auto labels = write(folder.path() / "labels", idx_bytes({6}, six_values));
    CHECK_THAT(error_of(labels, 3), Contains("labels: magic number 0x00000801; expected 0x00000803"));
    auto floats = idx_bytes({6}, six_values);
    floats[2] = 0x0d;
    CHECK_THAT(error_of(write(folder.path() / "floats", floats), 1), Contains("0x00000d01; expected 0x00000801"));
}

TEST_CASE("A file that ends before its header or its values do is refused", "[datasets]")
{
    const TemporaryFolder folder;
    const auto whole = idx_bytes({1, 2, 3}, six_values);
    for (std::size_t length = 0; length < 16; ++length)
        CHECK_THAT(error_of(write(folder.path() / "f", {whole.begin(), whole.begin() + length}), 3),
                   Contains("ends inside its header"));
    CHECK_THAT(error_of(write(folder.path() / "f", {whole.begin(), whole.end() - 1}), 3),
               Contains("ends after 5 values; its header says 1 x 2 x 3"));
}

TEST_CASE("A header that promises more than any memory holds costs no memory", "[datasets]")
{
    const TemporaryFolder folder;
    const auto path = write(folder.path() / "f", idx_bytes({0xffffffff, 0xffffffff, 0xffffffff}, six_values));
    CHECK_THAT(error_of(path, 3), Contains("ends after 6 values"));
}

TEST_CASE("Bytes after the last value are refused", "[datasets]")
{
    const TemporaryFolder folder;
    CHECK_THAT(error_of(write(folder.path() / "f", idx_bytes({5}, six_values)), 1), Contains("goes on after the 5"));
}

TEST_CASE("A gzip that is cut off anywhere is refused", "[datasets]")
{
    const TemporaryFolder folder;
    const auto packed = gzipped(idx_bytes({1000}, noise(1000)));
    for (std::size_t length = 0; length < packed.size(); ++length) {
        CAPTURE(length);
        CHECK_THROWS_AS(read_idx(write(folder.path() / "f", {packed.begin(), packed.begin() + length}), 1), DataError);
    }
    CHECK_THAT(error_of(write(folder.path() / "f", {packed.begin(), packed.end() - 1}), 1), Contains("cut off"));
    CHECK_THAT(error_of(write(folder.path() / "f", {packed.begin(), packed.begin() + 500}), 1), Contains("cut off"));
}

TEST_CASE("A gzip with a changed byte is refused by its checksum", "[datasets]")
{
    const TemporaryFolder folder;
    auto packed = gzipped(idx_bytes({1000}, noise(1000)));
    packed[packed.size() / 2] ^= 1;
    CHECK_THAT(error_of(write(folder.path() / "f", packed), 1), Contains("f: the gzip data is damaged"));
}
