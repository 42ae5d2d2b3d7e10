#include "client/training/residual_store.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::client;
using fedgram::test::TemporaryFolder;
using Values = std::vector<float>;

TEST_CASE("What a node has left to send is kept by node and round, and outlives its store", "[client]")
{
    const TemporaryFolder folder;
    const Values early{0.1f, -2e-40f, 3}, late{4, 5, 6}, of_another{7, 8, 9};
    ResidualStore store{folder / "state" / "fed"};
    CHECK_FALSE(store.read(4, 1, 3));
    store.write(4, 1, early);
    store.write(4, 12, late);
    store.write(5, 1, of_another);

    const ResidualStore again{folder / "state" / "fed"};
    CHECK(again.read(4, 1, 3) == early);
    CHECK(again.read(4, 12, 3) == late);
    CHECK(again.read(5, 1, 3) == of_another);
    CHECK_FALSE(again.read(4, 2, 3));
    CHECK_FALSE(ResidualStore{folder / "state" / "other"}.read(4, 1, 3));
}

TEST_CASE("A residual of another size than the model's is none", "[client]")
{
    const TemporaryFolder folder;
    ResidualStore store{folder.path()};
    store.write(0, 1, Values{1, 2});
    CHECK(store.read(0, 1, 2));
    CHECK_FALSE(store.read(0, 1, 1));
    CHECK_FALSE(store.read(0, 1, 3));
    test::write_file(folder / "0" / "1", "1234567");  // as where a machine lost its power
    CHECK_FALSE(store.read(0, 1, 2));
}

TEST_CASE("Of a node's earlier rounds nothing is kept, of other nodes and later rounds all", "[client]")
{
    const TemporaryFolder folder;
    ResidualStore store{folder.path()};
    for (const std::uint32_t round : {1, 2, 9, 10, 11}) store.write(3, round, Values{static_cast<float>(round)});
    store.write(4, 1, Values{1});
    test::write_file(folder / "3" / "5.tmp", "left by a process that was killed");
    store.forget_before(3, 10);
    for (const std::uint32_t round : {1, 2, 9}) CHECK_FALSE(store.read(3, round, 1));
    for (const std::uint32_t round : {10, 11}) CHECK(store.read(3, round, 1));
    CHECK(store.read(4, 1, 1));
    store.forget_before(3, 0);
    CHECK(store.read(3, 10, 1));
    CHECK_NOTHROW(store.forget_before(7, 10));  // that never wrote
}

TEST_CASE("A folder that can't be made is named with the option that chooses another", "[client]")
{
    const TemporaryFolder folder;
    test::write_file(folder / "file", "");
    ResidualStore store{folder / "file" / "fed"};
    CHECK_THROWS_AS(store.write(0, 1, Values{1}), SystemError);
    CHECK_THROWS_WITH(store.write(0, 1, Values{1}),
                      Catch::Contains("file/fed/0 can't be made: ") && Catch::EndsWith("choose another --state-dir"));
}
