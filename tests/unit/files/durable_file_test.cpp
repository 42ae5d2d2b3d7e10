#include "common/files/durable_file.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using fedgram::test::read_file;
using fedgram::test::TemporaryFolder;
using files::AppendFile;

TEST_CASE("A file that is appended to goes on where it ended, and can be cut back")
{
    const TemporaryFolder folder;
    AppendFile{folder / "lines"}.append("one\n");
    AppendFile lines{folder / "lines"};
    CHECK(lines.size() == 4);
    lines.append("two\n");
    CHECK(lines.behind(4) == "two\n");
    CHECK_THROWS_AS(lines.behind(9), DataError);
    lines.cut_back(4);
    CHECK(read_file(folder / "lines") == "one\n");
}

TEST_CASE("What stands behind a length is replaced at once, and the file goes on after it")
{
    const TemporaryFolder folder;
    AppendFile lines{folder / "lines"};
    lines.append("one\ntwo\n");
    lines.replace_behind(4, "three\n");
    lines.append("four\n");
    CHECK(read_file(folder / "lines") == "one\nthree\nfour\n");
    CHECK(lines.size() == 15);
    CHECK_FALSE(std::filesystem::exists(folder / "lines.tmp"));
}

TEST_CASE("A file that is written durably replaces another under its final name")
{
    const TemporaryFolder folder;
    files::write_durably(folder / "new", "text");
    files::rename_durably(folder / "new", folder / "final");
    CHECK(read_file(folder / "final") == "text");
    CHECK_THROWS_AS(files::write_durably(folder / "no" / "such", ""), SystemError);
}
