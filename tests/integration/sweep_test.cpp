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

    // It is reported by the table that it printed, as JSON, and as a page; not anew, nor beside a run.
    const auto out = folder / "out";
    const auto reported = run("fedgram", {"report", out});
    CHECK(reported.exit_code == 0);
    CHECK_THAT(read_file(out / "sweep.json"), Catch::Contains("\"federated.local_epochs\""));
    CHECK(sweep(folder, "1").out == reported.out);
    CHECK_THAT(run("fedgram", {"report", out, "--json"}).out, Catch::Contains("\"lacking\": []"));
    CHECK(run("fedgram", {"report", out, "--html", folder / "page.html"}).exit_code == 0);
    CHECK_THAT(read_file(folder / "page.html"), Catch::StartsWith("<!DOCTYPE html>"));
    const auto refuse = [](const std::vector<std::string>& arguments, int code, const std::string& why) {
        const auto refused = run("fedgram", arguments);
        CHECK(refused.exit_code == code);
        CHECK_THAT(refused.err, Catch::Contains(why));
    };
    refuse({"report", out, "--pue", "1.2"}, 2, "is a sweep, which is reported by its runs' own tables");
    refuse({"report", out, out / "runs/local_epochs-1_max_rounds-2_seed-1"}, 2,
           "is a sweep, which is reported by itself");
    refuse({"report", out, "--model-card", "USA/fl"}, 2, "a card is of one run's cell");
    refuse({"report", out, "--html", out / "sweep.csv"}, 5, "is there and no page");
    std::filesystem::remove(out / "sweep.json");
    refuse({"report", out}, 3, "sweep.json is missing, as in a sweep of an earlier version; call `fedgram sweep`");

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
