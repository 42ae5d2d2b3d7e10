#include "common/files/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/files/descriptor.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using fedgram::test::TemporaryFolder;

TEST_CASE("A file reads back as it was written, and leaves no temporary name")
{
    const TemporaryFolder folder;
    const std::string bytes{"a\r\n\0b", 5};
    files::write_file(folder / "one", "old");
    files::write_file(folder / "one", bytes);
    CHECK(files::read_file(folder / "one") == bytes);
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("A pipe is written to, and stays a pipe")
{
    const TemporaryFolder folder;
    const auto pipe = folder / "pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    const files::Descriptor reader{::open(pipe.c_str(), O_RDWR | O_CLOEXEC)};
    files::write_file(pipe, "text");
    CHECK(std::filesystem::is_fifo(pipe));
    std::string text(4, ' ');
    CHECK(::read(reader.number(), text.data(), text.size()) == 4);
    CHECK(text == "text");
    CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("A file is read whole, whatever its size, and also one that doesn't tell it")
{
    const TemporaryFolder folder;
    for (const std::size_t size : {0u, 1u, 4095u, 4096u, 4097u, 300'000u}) {
        std::string text(size, 'a');
        if (!text.empty()) text.back() = '\0';
        files::write_file(folder / "text", text);
        CHECK(files::read_file(folder / "text") == text);
    }
    // Of size 0 to stat, and longer than a first reading has room for.
    CHECK(files::read_file("/proc/self/smaps").size() > 4096);
}

TEST_CASE("What can't be read or written is an error that names it")
{
    const TemporaryFolder folder;
    const auto absent = (folder / "absent").string();
    CHECK_THROWS_WITH(files::read_file(absent), absent + " can't be read; is it there?");
    CHECK_THROWS_AS(files::read_file(folder.path()), SystemError);
    CHECK(files::try_read_file(absent) == std::nullopt);
    CHECK_THROWS_WITH(files::write_file(folder / "no" / "such", ""),
                      Catch::Contains("can't be written; choose another place, or free space there"));
}

TEST_CASE("A new file is written by whoever is first")
{
    const TemporaryFolder folder;
    const auto path = folder / "key";
    CHECK(files::write_new_file(path, "mine", files::Secrecy::secret));
    CHECK_FALSE(files::write_new_file(path, "theirs"));
    CHECK(files::read_file(path) == "mine");
    CHECK((std::filesystem::status(path).permissions() & std::filesystem::perms::others_read) ==
          std::filesystem::perms::none);
    CHECK_THROWS_WITH(files::write_new_file(folder / "no" / "such", ""), Catch::Contains("can't be written: "));
}
