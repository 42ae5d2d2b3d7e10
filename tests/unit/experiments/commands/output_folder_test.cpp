#include <fstream>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "experiments/commands/output_folder.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using experiments::check_output_folder;

TEST_CASE("results go to a folder that is absent or empty, and to no other", "[experiments]")
{
    const test::TemporaryFolder folder;
    CHECK_NOTHROW(check_output_folder(folder.path()));
    CHECK_NOTHROW(check_output_folder(folder / "a" / "b"));
    CHECK_FALSE(std::filesystem::exists(folder / "a"));
    test::write_file(folder / "file", "kept");
    CHECK_THROWS_WITH(check_output_folder(folder.path()), Catch::Contains("is not empty"));
    CHECK_THROWS_WITH(check_output_folder(folder / "file"), Catch::Contains("is no folder"));
    CHECK_THROWS_AS(check_output_folder(folder / "file" / "below"), SystemError);
}

TEST_CASE("a folder below links that go in a circle can't be made", "[experiments]")
{
    const test::TemporaryFolder folder;
    std::filesystem::create_symlink("loop", folder / "loop");
    CHECK_THROWS_WITH(
        check_output_folder(folder / "loop" / "x"),
        (folder / "loop" / "x").string() + " can't be made: Too many levels of symbolic links; choose another --out");
}
