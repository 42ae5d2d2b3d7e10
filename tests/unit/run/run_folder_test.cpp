#include "common/run/run_folder.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "coordinator/checkpoints/lost_work.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using coordinator::lost_work;
using coordinator::LostWork;
using fedgram::test::read_file;
using fedgram::test::TemporaryFolder;
using files::AppendFile;

namespace {

constexpr std::chrono::milliseconds no_patience{0};  // tests don't wait for a lock

run::LedgerLine line(std::uint32_t round, bool wasted)
{
    const energy::PhaseWork done{0, round, energy::Phase::train, {}};
    return {done, "iid", Seconds{1}, Joules{2}, "modelled", "board", "device profile x", wasted};
}

run::LedgerLine upload(std::uint32_t round, std::uint32_t node)
{
    auto uploaded = line(round, true);
    uploaded.node = node;
    uploaded.phase = energy::Phase::upload;
    return uploaded;
}

HostLine host_line(std::uint32_t round, std::uint32_t node) { return {"iid", round, node, 1.5, std::nullopt}; }

RoundLine round_line(std::uint32_t round) { return {"iid", round, std::nullopt, 2.5, 3, Seconds{4}}; }

}  // namespace

TEST_CASE("A folder that is taken up again ends where its checkpoint knew it, and what came after is wasted work")
{
    const TemporaryFolder folder;
    FileEnds ends;
    {
        RunFolder run{folder / "run", no_patience};
        CHECK_FALSE(run.used());
        run.append(round_line(1));
        run.append_ledger(std::vector{line(1, false)});
        run.append_host(std::vector{host_line(1, 0)});
        CHECK(run.used());
        ends = run.synced_ends();
        run.append(round_line(2));
        // Round 2 was whole. In round 3 node 1 was refused, and node 4 had delivered.
        run.append_ledger(std::vector{line(2, false), upload(2, 0), upload(3, 1)});
        run.append_host(std::vector{host_line(2, 0)});
        run.append_host(std::vector{host_line(3, 1)});
        run.append_host(std::vector{host_line(3, 4)});
    }
    {  // the crash cut lines in two
        AppendFile{folder / "run" / "ledger.jsonl"}.append(R"({"training":"ii)");
        AppendFile{folder / "run" / "host.jsonl"}.append(R"({"training":"ii)");
    }
    const std::vector<LostWork::Update> delivered{{"iid", 3, 4}};
    std::optional<RunFolder> run{std::in_place, folder / "run", no_patience};
    auto lost = lost_work(run->behind(ends));
    REQUIRE(lost.lines.size() == 3);
    for (const auto& each : lost.lines) CHECK(each.wasted);
    CHECK(lost.updates == delivered);

    // What is lost goes into the ledger; a crash right after, before the next checkpoint, gives the same again.
    lost.lines.push_back(upload(3, 4));
    run->cut_back(ends, lost.lines);
    run.emplace(folder / "run", no_patience);
    const auto again = lost_work(run->behind(ends));
    CHECK(again.lines == lost.lines);
    CHECK(again.updates.empty());

    CHECK(parse_rounds(read_file(folder / "run" / "rounds.jsonl"), "rounds.jsonl") == std::vector{round_line(1)});
    CHECK(run::parse_ledger(read_file(folder / "run" / "ledger.jsonl"), "ledger.jsonl").size() == 1 + 4);
    CHECK(run->host_lines().size() == 4);
    run->append_host(std::vector{host_line(4, 4)});
    CHECK(run->host_lines().size() == 5);
    CHECK_THROWS_AS(run->behind({1'000'000, 0, 0}), DataError);
}

TEST_CASE("Wasted work counts as often as it was done, when a run goes on from the checkpoint before the last")
{
    const TemporaryFolder folder;
    RunFolder run{folder / "run", no_patience};
    // Before the first crash node 4 delivered in a round that did not become whole, and resuming recorded it as lost;
    // then it delivered in the same round again. The checkpoint in between is damaged.
    run.append_host(std::vector{host_line(3, 4)});
    run.append_ledger(std::vector{upload(3, 4)});
    run.append_host(std::vector{host_line(3, 4)});
    const std::vector<LostWork::Update> once_more{{"iid", 3, 4}};
    CHECK(lost_work(run.behind({})).updates == once_more);
    run.append_ledger(std::vector{upload(3, 4)});
    CHECK(lost_work(run.behind({})).updates.empty());
}

TEST_CASE("An event that a crash has cut in two leaves the next one whole")
{
    const TemporaryFolder folder;
    static_cast<void>(RunFolder{folder / "run", no_patience});
    AppendFile{folder / "run" / "events.jsonl"}.append(R"({"time":"2026-01-)");
    RunFolder run{folder / "run", no_patience};
    run.append_event("resumed", {{"rounds", 3}});
    const auto text = read_file(folder / "run" / "events.jsonl");
    CHECK(nlohmann::json::parse(text).at("event") == "resumed");
}

TEST_CASE("Damage behind the checkpoint costs what stands behind it, and is told")
{
    const TemporaryFolder folder;
    {
        RunFolder run{folder / "run", no_patience};
        run.append_ledger(std::vector{upload(1, 0)});
        AppendFile{folder / "run" / "ledger.jsonl"}.append("{\"training\": 7}\n");
        AppendFile{folder / "run" / "host.jsonl"}.append("no line\n");
    }
    RunFolder run{folder / "run", no_patience};
    run.append_ledger(std::vector{upload(2, 0)});
    run.append_host(std::vector{host_line(2, 3)});
    const auto lost = lost_work(run.behind({}));
    CHECK(lost.lines == std::vector{upload(1, 0)});
    CHECK(lost.updates.size() == 1);
    REQUIRE(lost.damage.size() == 2);
    CHECK_THAT(lost.damage[0], Catch::Contains("ledger.jsonl, behind the checkpoint, is damaged"));
    CHECK_THAT(lost.damage[1], Catch::Contains("host.jsonl, behind the checkpoint, has 1 lines"));
}

TEST_CASE("Two coordinators can't be at work in one folder")
{
    const TemporaryFolder folder;
    std::optional<RunFolder> first{std::in_place, folder / "run", no_patience};
    CHECK_THROWS_WITH((RunFolder{folder / "run", no_patience}), Catch::Contains("another coordinator"));
    first.reset();
    CHECK_NOTHROW((RunFolder{folder / "run", no_patience}));
}
