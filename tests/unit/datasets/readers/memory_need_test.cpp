#include "datasets/readers/memory_need.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::datasets;

TEST_CASE("Where memory runs out, what was read is named with the least that it needs", "[datasets]")
{
    const auto run_out = []() -> int { throw std::bad_alloc{}; };
    CHECK_THROWS_WITH(with_memory_for("a.npz: x", 12'345'678, run_out),
                      "a.npz: x: needs 13 MB of memory at least, and there is not enough; free some, raise ulimit -v, "
                      "or use less data");
    CHECK_THROWS_WITH(with_memory_for("mine", 0, run_out),
                      "mine: needs more memory than there is; free some, raise ulimit -v, or use less data");
    CHECK_THROWS_AS(with_memory_for("mine", 1, run_out), SystemError);
    CHECK(with_memory_for("mine", 1, [] { return 3; }) == 3);
    // Within another, the inner one is the nearer.
    CHECK_THROWS_WITH(with_memory_for("all", 1, [&] { return with_memory_for("part", 1, run_out); }),
                      Catch::StartsWith("part: needs 1 MB"));
}

TEST_CASE("A file has its size, and what can't be asked has none", "[datasets]")
{
    const test::TemporaryFolder folder;
    files::write_file(folder.path() / "a", "12345");
    CHECK(bytes_in(folder.path() / "a") == 5);
    CHECK(bytes_in(folder.path() / "none") == 0);
}
