#include "coordinator/run_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "coordinator/lost_work.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::coordinator;
using fedgram::test::read_file;
using fedgram::test::TemporaryFolder;

namespace {

energy::LedgerLine line(std::uint32_t round, bool wasted)
{
    return {"iid", 0, round, energy::Phase::train, {}, Seconds{1}, Joules{2}, "modelled", "board", "device profile x",
            wasted};
}

nlohmann::ordered_json host_line(std::uint32_t round, std::uint32_t node)
{
    return {{"training", "iid"}, {"round", round}, {"node", node}, {"cpu_seconds", 1.5}};
}

}  // namespace

TEST_CASE("A folder that is taken up again ends where its checkpoint knew it, and what came after is work in vain",
          "[coordinator]")
{
    const TemporaryFolder folder;
    FileEnds ends;
    {
        RunFolder run{folder / "run"};
        run.append_round({{"round", 1}});
        run.append_ledger(std::vector{line(1, false)});
        run.append_host(host_line(1, 0));
        ends = run.synced_ends();
        run.append_round({{"round", 2}});
        run.append_ledger(std::vector{line(2, false), line(2, true)});
        run.append_host(host_line(2, 0));
        run.append_host(host_line(3, 4));
    }
    {  // the crash cut a line in two
        AppendFile ledger{folder / "run" / "ledger.jsonl"};
        ledger.append(R"({"training":"ii)");
    }
    RunFolder run{folder / "run"};
    const auto lost = lost_work(run.cut_back(ends));
    REQUIRE(lost.lines.size() == 2);
    CHECK(lost.lines[0].round == 2);
    CHECK(lost.nodes == std::vector<std::pair<std::uint32_t, std::uint32_t>>{{3, 4}});
    CHECK(read_file(folder / "run" / "rounds.jsonl") == "{\"round\":1}\n");
    CHECK(energy::read_ledger(folder / "run" / "ledger.jsonl").size() == 1);
    CHECK(read_file(folder / "run" / "host.jsonl").find("\"node\":4") != std::string::npos);
    CHECK_THROWS_AS(run.cut_back({1'000'000, 0, 0}), DataError);
}

TEST_CASE("Two coordinators can't be at work in one folder", "[coordinator]")
{
    const TemporaryFolder folder;
    std::optional<RunFolder> first{std::in_place, folder / "run"};
    CHECK_THROWS_WITH((RunFolder{folder / "run", std::chrono::milliseconds{0}}), Catch::Contains("another coordinator"));
    first.reset();
    CHECK_NOTHROW((RunFolder{folder / "run", std::chrono::milliseconds{0}}));
}
