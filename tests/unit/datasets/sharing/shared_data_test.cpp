#include "datasets/sharing/shared_data.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>

#include "common/error/error.hpp"
#include "common/files/anonymous_file.hpp"
#include "datasets/readers/data_file.hpp"
#include "datasets/sharing/data_source.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using Bytes = std::vector<std::uint8_t>;

namespace {

/// 3 training images and 1 for the test, of 2 channels x 1 x 2 pixels.
Dataset small()
{
    return with_samples({.name = "small-1", .channels = 2, .height = 1, .width = 2, .classes = 3},
                        {{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, {0, 2, 1}}, {{13, 14, 15, 16}, {2}});
}

Bytes bytes_of(std::span<const std::uint8_t> part) { return {part.begin(), part.end()}; }

/// All that lies in the memory of `data`.
Bytes image_of(const Dataset& data)
{
    const SharedData shared{data};
    Bytes image(1 << 12);
    image.resize(static_cast<std::size_t>(::pread(shared.descriptor(), image.data(), image.size(), 0)));
    return image;
}

Dataset mapped(const Bytes& image, Damage damage = Damage::ruled_out)
{
    files::Descriptor file{::memfd_create("fedgram-test", MFD_CLOEXEC)};
    REQUIRE(::write(file.number(), image.data(), image.size()) == static_cast<ssize_t>(image.size()));
    return map_data(std::move(file), damage);
}

// Where the header's fields lie: see Header in data_file.cpp.
constexpr std::size_t height_at = 12, classes_at = 20, element_at = 24, nodes_at = 28, train_samples_at = 32,
                      sha256_at = 56, name_at = 120;
constexpr std::size_t header_bytes = 328;

}  // namespace

TEST_CASE("What is shared is mapped as it was, for as long as a copy of it lives", "[datasets]")
{
    const auto data = small();
    Dataset other;
    int descriptor = -1;
    {
        const SharedData shared{data};
        descriptor = ::fcntl(shared.descriptor(), F_DUPFD_CLOEXEC, 0);
        const auto first = map_shared_data(descriptor);
        other = first;
    }
    CHECK(other.descriptor == descriptor);
    CHECK(::fcntl(descriptor, F_GETFD) >= 0);
    CHECK(other.name == "small-1");
    CHECK((other.channels == 2 && other.height == 1 && other.width == 2 && other.classes == 3));
    CHECK(other.sha256 == data.sha256);
    CHECK(bytes_of(other.train.pixels) == bytes_of(data.train.pixels));
    CHECK(bytes_of(other.train.labels) == Bytes{0, 2, 1});
    CHECK(bytes_of(other.test.pixels) == Bytes{13, 14, 15, 16});
    CHECK(bytes_of(other.test.labels) == Bytes{2});
    other = {};
    CHECK(::fcntl(descriptor, F_GETFD) < 0);
}

TEST_CASE("Floats and nodes are shared as bytes are", "[datasets]")
{
    const auto data = with_samples(
        {.name = "floats", .height = 1, .width = 1, .classes = 2, .note = "a note", .making = R"({"classes": [1]})"},
        {{}, {0, 1, 1}, {0.5, -1, 1e30F}, {7, 0, 7}}, {{}, {1}, {2}, {9}});
    const auto other = mapped(image_of(data));
    CHECK(std::ranges::equal(other.train.values, data.train.values));
    CHECK(std::ranges::equal(other.test.values, data.test.values));
    CHECK(std::ranges::equal(other.train.nodes, data.train.nodes));
    CHECK(std::ranges::equal(other.test.nodes, data.test.nodes));
    CHECK(bytes_of(other.train.labels) == Bytes{0, 1, 1});
    CHECK(other.train.pixels.empty());
    CHECK(other.note == "a note");
    CHECK(other.making == R"({"classes": [1]})");
    CHECK(other.sha256 == data.sha256);
}

TEST_CASE("Memory that holds something else than its header says is refused", "[datasets]")
{
    const auto image = image_of(small());
    REQUIRE(image.size() == header_bytes + 4 * 5);
    CHECK_NOTHROW(mapped(image));

    for (std::size_t size = 0; size < image.size(); ++size)
        CHECK_THROWS_AS(mapped({image.begin(), image.begin() + static_cast<std::ptrdiff_t>(size)}), DataError);
    auto longer = image;
    longer.push_back(0);
    CHECK_THROWS_WITH(mapped(longer), Catch::Contains("349 bytes"));

    const auto refused = [&](std::size_t at, const Bytes& bytes) {
        auto damaged = image;
        std::ranges::copy(bytes, damaged.begin() + static_cast<std::ptrdiff_t>(at));
        CHECK_THROWS_AS(mapped(damaged), DataError);
    };
    refused(0, {'X'});
    refused(height_at, {0});
    refused(height_at, {2});
    refused(height_at, {255, 255, 255, 255});
    refused(classes_at, {2});  // there is a label 2
    refused(classes_at, {1, 1});
    refused(element_at, {4});
    refused(element_at, {2});
    refused(nodes_at, {1});
    refused(nodes_at, {2});
    refused(train_samples_at, {4});
    refused(train_samples_at, {0});
    refused(train_samples_at, {3, 0, 0, 0, 1});
    refused(train_samples_at, Bytes(8, 255));
    refused(sha256_at, {0});
    refused(name_at, {0});
    refused(name_at, {'/'});
    refused(header_bytes + 12, {3});  // the first label
}

TEST_CASE("Where damage is looked for, no byte can change unnoticed", "[datasets]")
{
    CHECK_THROWS_AS(mapped(image_of(small()), Damage::looked_for), DataError);  // shared memory has no checksum
    auto file = files::AnonymousFile::in_memory("fedgram-test");
    write_data(file.descriptor(), small(), Damage::looked_for);
    Bytes image(header_bytes + 4 * 5);
    REQUIRE(::pread(file.descriptor().number(), image.data(), image.size(), 0) == static_cast<ssize_t>(image.size()));
    CHECK_NOTHROW(mapped(image, Damage::looked_for));
    for (std::size_t at = 0; at < image.size(); ++at) {
        auto damaged = image;
        damaged[at] ^= 1;
        CHECK_THROWS_AS(mapped(damaged, Damage::looked_for), DataError);
    }
}

TEST_CASE("Damage is found wherever it lies in a file that is read in pieces", "[datasets]")
{
    const Bytes pixels(300'000, 7);
    auto file = files::AnonymousFile::in_memory("fedgram-test");
    write_data(file.descriptor(),
               with_samples({.name = "large-1", .channels = 1, .height = 1, .width = 1, .classes = 1},
                            {pixels, Bytes(pixels.size())}, {{1}, {0}}),
               Damage::looked_for);
    const auto again = [&] { return files::Descriptor{::fcntl(file.descriptor().number(), F_DUPFD_CLOEXEC, 0)}; };
    CHECK_NOTHROW(map_data(again(), Damage::looked_for));
    for (const off_t at : {off_t{200}, off_t{200'000}, off_t{400'000}, off_t{600'000}}) {
        const std::uint8_t damaged = 9;
        std::uint8_t whole = 0;
        REQUIRE(::pread(file.descriptor().number(), &whole, 1, at) == 1);
        REQUIRE(::pwrite(file.descriptor().number(), &damaged, 1, at) == 1);
        CHECK_THROWS_WITH(map_data(again(), Damage::looked_for), Catch::Contains("have changed"));
        REQUIRE(::pwrite(file.descriptor().number(), &whole, 1, at) == 1);
    }
    CHECK_NOTHROW(map_data(again(), Damage::looked_for));
}

TEST_CASE("A descriptor that is none, or no file, is refused", "[datasets]")
{
    CHECK_THROWS_WITH(map_shared_data(987), Catch::Contains("--data-fd 987") && Catch::Contains("Bad file descriptor"));
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    CHECK_THROWS_AS(map_shared_data(ends[0]), DataError);
    ::close(ends[1]);
}

TEST_CASE("A source of shared data has that dataset alone", "[datasets]")
{
    const DataSource source{small()};
    CHECK(source.get({.dataset = "small-1"}).train.size() == 3);
    CHECK_THROWS_WITH(source.get({.dataset = "mnist"}), "--data-fd: it holds small-1, the specification wants mnist");
    CHECK_THROWS_AS(source.get({.dataset = "mnist"}), DataError);
}
