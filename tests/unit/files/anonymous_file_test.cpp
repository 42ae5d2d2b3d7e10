#include "common/files/anonymous_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <utility>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using files::AnonymousFile;

namespace {

constexpr std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};
constexpr ssize_t size = bytes.size();

void check_sealed(AnonymousFile file)
{
    REQUIRE(::write(file.descriptor().number(), bytes.data(), bytes.size()) == size);
    const auto sealed = std::move(file).sealed();
    const int descriptor = sealed.number();
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK(::write(descriptor, bytes.data(), bytes.size()) < 0);
    CHECK(::ftruncate(descriptor, 0) != 0);
    CHECK(::ftruncate(descriptor, 100) != 0);
    CHECK(::mmap(nullptr, bytes.size(), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0) == MAP_FAILED);
    std::array<std::uint8_t, 16> read{};
    CHECK(::pread(descriptor, read.data(), read.size(), 0) == size);
    CHECK((read[0] == 1 && read[3] == 4));
}

}  // namespace

TEST_CASE("A sealed file in memory can be read by its heirs, and changed by nobody", "[datasets]")
{
    check_sealed(AnonymousFile::in_memory("fedgram-test"));
    check_sealed(AnonymousFile::in_folder("/dev/shm"));
}

TEST_CASE("A file without a name leaves nothing in its folder and closes with its object", "[datasets]")
{
    const test::TemporaryFolder folder;
    int descriptor = -1;
    {
        auto file = AnonymousFile::in_folder(folder.path());
        REQUIRE(::write(file.descriptor().number(), bytes.data(), bytes.size()) == size);
        const auto moved = std::move(file);
        descriptor = moved.descriptor().number();
        CHECK(std::filesystem::is_empty(folder.path()));
        CHECK(::fcntl(descriptor, F_GETFD) >= 0);
    }
    CHECK(::fcntl(descriptor, F_GETFD) < 0);
    CHECK_THROWS_WITH(AnonymousFile::in_folder(folder.path() / "absent"), Catch::Contains("absent"));
}
