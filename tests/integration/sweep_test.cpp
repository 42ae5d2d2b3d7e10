#include <catch2/catch.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;

namespace {

/// Two short rounds for each of `local_epochs`.
Outcome sweep(const TemporaryFolder& folder, const std::string& local_epochs)
{
    write_file(folder / "tiny.json", tiny_spec);
    write_file(folder / "sweep.json", "{\"spec\": \"tiny.json\", \"set\": {\"federated.local_epochs\": [" +
                                          local_epochs + "], \"federated.max_rounds\": [2]}}");
    return run("fedgram", {"sweep", folder / "sweep.json", "--out", folder / "out"});
}

}  // namespace

TEST_CASE("A second sweep never takes a first one's runs out of its tables", "[integration]")
{
    const TemporaryFolder folder;
    REQUIRE(sweep(folder, "1").exit_code == 0);
    const auto first = read_file(folder / "out" / "sweep.csv");

    const auto other = sweep(folder, "2");
    CHECK(other.exit_code == 2);
    CHECK(other.err == "fedgram: " + (folder / "out").string() +
                           " holds another sweep, whose run local_epochs-1_max_rounds-2_seed-1 sweep.csv would lose; "
                           "choose another --out\n");
    CHECK(read_file(folder / "out" / "sweep.csv") == first);

    // The same and more is no other sweep.
    REQUIRE(sweep(folder, "1, 2").exit_code == 0);
    const auto wider = read_file(folder / "out" / "sweep.csv");
    CHECK(wider.size() > first.size());
}
