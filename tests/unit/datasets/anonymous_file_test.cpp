#include "datasets/anonymous_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <array>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using datasets::AnonymousFile;

namespace {

constexpr std::array<std::uint8_t, 4> bytes{1, 2, 3, 4};

void check_sealed(AnonymousFile file)
{
    file.append(bytes);
    file.append(bytes);
    file.seal();
    const int descriptor = file.descriptor();
    CHECK((::fcntl(descriptor, F_GETFD) & FD_CLOEXEC) != 0);
    CHECK_THROWS_AS(file.append(bytes), SystemError);
    CHECK(::ftruncate(descriptor, 0) != 0);
    CHECK(::ftruncate(descriptor, 100) != 0);
    CHECK(::mmap(nullptr, bytes.size(), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0) == MAP_FAILED);
    std::array<std::uint8_t, 16> read{};
    CHECK(::pread(descriptor, read.data(), read.size(), 0) == 2 * bytes.size());
    CHECK((read[0] == 1 && read[7] == 4));
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
        file.append(bytes);
        const auto moved = std::move(file);
        descriptor = moved.descriptor();
        CHECK(std::filesystem::is_empty(folder.path()));
        CHECK(::fcntl(descriptor, F_GETFD) >= 0);
    }
    CHECK(::fcntl(descriptor, F_GETFD) < 0);
    CHECK_THROWS_WITH(AnonymousFile::in_folder(folder.path() / "absent"), Catch::Contains("absent"));
}
