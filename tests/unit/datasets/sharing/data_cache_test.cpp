#include "datasets/sharing/data_cache.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <fstream>

#include "common/error/error.hpp"
#include "datasets/sharing/shared_data.hpp"
#include "tests/support/idx_files.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
namespace fs = std::filesystem;

namespace {

/// Two training images and one for the test, packed, as MNIST's files.
struct PackedMnist : TemporaryFolder {
    PackedMnist()
    {
        write(path() / "train-images-idx3-ubyte.gz", gzipped(idx_bytes({2, 28, 28}, Bytes(2 * 784, 7))));
        write(path() / "train-labels-idx1-ubyte.gz", gzipped(idx_bytes({2}, {3, 1})));
        write(path() / "t10k-images-idx3-ubyte.gz", gzipped(idx_bytes({1, 28, 28}, Bytes(784, 9))));
        write(path() / "t10k-labels-idx1-ubyte.gz", gzipped(idx_bytes({1}, {4})));
    }
    [[nodiscard]] std::vector<fs::path> files() const { return packed_files({.dataset = "mnist"}, path()); }
};

std::vector<fs::path> entries(const fs::path& folder)
{
    return {fs::directory_iterator{folder}, fs::directory_iterator{}};
}

}  // namespace

TEST_CASE("What was unpacked once is mapped from the cache, the same to the byte", "[datasets]")
{
    const PackedMnist packed;
    const TemporaryFolder place;
    const DataCache cache{place.path() / "fedgram"};
    CHECK_FALSE(cache.find({.dataset = "mnist"}, packed.files()));

    const auto read = load({.dataset = "mnist"}, packed.path());
    const auto kept = cache.keep(read, {.dataset = "mnist"}, packed.files());
    CHECK(read.descriptor < 0);
    CHECK(kept.descriptor >= 0);
    const auto found = cache.find({.dataset = "mnist"}, packed.files());
    REQUIRE(found);
    for (const auto& data : {kept, *found}) {
        CHECK(data.sha256 == read.sha256);
        CHECK(std::ranges::equal(data.train.pixels, read.train.pixels));
        CHECK(std::ranges::equal(data.train.labels, Bytes{3, 1}));
        CHECK(std::ranges::equal(data.test.pixels, read.test.pixels));
        CHECK(std::ranges::equal(data.test.labels, Bytes{4}));
    }
    // It is shared as it is, and not copied.
    const SharedData shared{*found};
    struct stat one {};
    struct stat other {};
    REQUIRE((::fstat(shared.descriptor(), &one) == 0 && ::fstat(found->descriptor, &other) == 0));
    CHECK(one.st_ino == other.st_ino);
    const auto only = entries(place.path() / "fedgram");
    REQUIRE(only.size() == 1);
    CHECK((fs::status(only.front()).permissions() & fs::perms::others_all) == fs::perms::none);
}

TEST_CASE("Files that have changed are not what the cache holds, even with their size and time", "[datasets]")
{
    const PackedMnist packed;
    const TemporaryFolder place;
    const DataCache cache{place.path()};
    static_cast<void>(cache.keep(load({.dataset = "mnist"}, packed.path()), {.dataset = "mnist"}, packed.files()));
    REQUIRE(cache.find({.dataset = "mnist"}, packed.files()));

    const auto labels = packed.path() / "t10k-labels-idx1-ubyte.gz";
    const auto time = fs::last_write_time(labels);
    const auto size = fs::file_size(labels);
    write(labels, gzipped(idx_bytes({1}, {5})));
    REQUIRE(fs::file_size(labels) == size);
    fs::last_write_time(labels, time);
    CHECK_FALSE(cache.find({.dataset = "mnist"}, packed.files()));

    const auto again = cache.keep(load({.dataset = "mnist"}, packed.path()), {.dataset = "mnist"}, packed.files());
    CHECK(again.test.labels.front() == 5);
    CHECK(cache.find({.dataset = "mnist"}, packed.files())->test.labels.front() == 5);
    CHECK(entries(place.path()).size() == 1);  // the old one is gone
}

TEST_CASE("A damaged file of the cache counts as absent", "[datasets]")
{
    const PackedMnist packed;
    const TemporaryFolder place;
    const DataCache cache{place.path()};
    const auto data = load({.dataset = "mnist"}, packed.path());
    static_cast<void>(cache.keep(data, {.dataset = "mnist"}, packed.files()));
    const auto file = entries(place.path()).front();
    const auto size = fs::file_size(file);

    std::fstream stream{file, std::ios::in | std::ios::out | std::ios::binary};
    stream.seekp(static_cast<std::streamoff>(size / 2));
    stream.put('\1');
    stream.close();
    CHECK_FALSE(cache.find({.dataset = "mnist"}, packed.files()));

    static_cast<void>(cache.keep(data, {.dataset = "mnist"}, packed.files()));
    fs::resize_file(file, size - 1);
    CHECK_FALSE(cache.find({.dataset = "mnist"}, packed.files()));
    fs::resize_file(file, 0);
    CHECK_FALSE(cache.find({.dataset = "mnist"}, packed.files()));
    fs::remove(file);
    fs::create_symlink(packed.files().front(), file);
    CHECK_FALSE(cache.find({.dataset = "mnist"}, packed.files()));
}

TEST_CASE("Without room or rights for a cache, data is what was read", "[datasets]")
{
    const PackedMnist packed;
    const auto data = load({.dataset = "mnist"}, packed.path());
    const DataCache nowhere{packed.files().front() / "no-folder"};
    const auto same = nowhere.keep(data, {.dataset = "mnist"}, packed.files());
    CHECK(same.descriptor < 0);
    CHECK(same.train.pixels.data() == data.train.pixels.data());
    CHECK_FALSE(nowhere.find({.dataset = "mnist"}, packed.files()));
    CHECK(DataCache{"/proc/self"}.keep(data, {.dataset = "mnist"}, packed.files()).descriptor < 0);
}

TEST_CASE("Only what is packed, and there, goes through the user's cache", "[datasets]")
{
    const PackedMnist packed;
    const TemporaryFolder place;
    const char* const before = ::getenv("XDG_CACHE_HOME");
    const std::string kept = before ? before : "";
    ::setenv("XDG_CACHE_HOME", place.path().c_str(), 1);
    CHECK(load_cached({.dataset = "mnist"}, packed.path()).descriptor >= 0);
    CHECK(entries(place.path() / "fedgram").size() == 1);
    ::setenv("XDG_CACHE_HOME", "relative", 1);
    CHECK(DataCache::of_user().has_value() == (::getenv("HOME") != nullptr));
    ::setenv("XDG_CACHE_HOME", kept.c_str(), 1);

    CHECK(packed_files({.dataset = "mnist"}, std::nullopt).empty());
    CHECK(packed_files({.dataset = "mnist"}, place.path()).empty());
    CHECK(packed_files({.dataset = "synthetic-cifar10"}, packed.path()).empty());
    CHECK_THROWS_AS(load_cached({.dataset = "mnist"}, place.path()), DataError);
    CHECK_THROWS_AS(load_cached({.dataset = "nothing"}, packed.path()), SpecError);
    write(packed.path() / "train-images-idx3-ubyte", idx_bytes({2, 28, 28}, Bytes(2 * 784, 7)));
    CHECK(packed.files().front().extension() != ".gz");  // the plain one comes first, as for `load`
}
