#include "common/run/digest.hpp"

#include <filesystem>
#include <optional>
#include <span>
#include <string>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/report/explain/explain.hpp"
#include "common/report/render/render.hpp"
#include "common/report/statement/report.hpp"
#include "common/report/table/table.hpp"
#include "common/run/run_folder.hpp"
#include "common/run/run_record.hpp"
#include "tests/support/places.hpp"
#include "tests/support/written_run_folder.hpp"

using namespace fedgram;
using namespace fedgram::run;
using WrittenFolder = carbon::test::RunFolder;

namespace {

LedgerWork work_of(const WrittenFolder& folder) { return read_ledger_work(folder.path(), LastLine::is_whole).work; }

// By hand, of carbon::test::RunFolder's ledger: one training of an interval and its evaluation, one of two nodes and a
// round; and a wasted download of 16 J.
LedgerWork by_hand()
{
    LedgerWork work;
    work.trainings.resize(2);
    auto& central = work.trainings[0];
    central.label = "central";
    central.work.works = {{.flops = 10'000'000'000}, {.flops = 1'000'000'000}};
    central.work.deals = {{{0, 1}}};
    central.work.cohorts.resize(1);
    central.work.cohorts[0].append({0, 1});
    central.work.rounds = {{1, 0, 0}};
    central.work.own = {{1, energy::Phase::evaluate, 1}};
    auto& fl = work.trainings[1];
    fl.label = "fl";
    fl.work.works = {{.flops = 3'000'000'000, .bytes_down = 10'000'000, .bytes_up = 10'000'000},
                     {.flops = 5'000'000'000, .bytes_down = 10'000'000, .bytes_up = 10'000'000}};
    fl.work.deals = {{{0, 1}, {1, 1}}};
    fl.work.cohorts.resize(1);
    fl.work.cohorts[0].append({0, 2});
    fl.work.rounds = {{1, 0, 0}};
    work.wasted_lines = 1;
    work.wasted = Joules{16};
    return work;
}

// A folder with its digest.
struct DigestedFolder : WrittenFolder {
    DigestedFolder() { write_digest(path(), work_of(*this)); }

    [[nodiscard]] std::string read(const std::string& name) const { return files::read_file(path() / name); }
    [[nodiscard]] bool has_fitting_digest(NodeNumbers nodes = NodeNumbers::asked_for) const
    {
        return find_digest(path(), nodes).has_value();
    }
    /// Once there is one byte more, or another one.
    void change_byte(const std::string& name, std::size_t at) const
    {
        auto bytes = read(name);
        bytes.at(at) ^= 1;
        write(name, bytes);
    }
};

std::string table_of(const std::filesystem::path& folder)
{
    const auto run = read_run(folder);
    return report::render(report::build_table(run, run.accounting), report::Format::json,
                          report::footnotes(run, run.accounting));
}

}  // namespace

TEST_CASE("A digest has each distinct Work of a ledger once, and says what the ledger does")
{
    const DigestedFolder folder;
    CHECK(work_of(folder) == by_hand());
    const auto found = find_digest(folder.path(), NodeNumbers::asked_for);
    REQUIRE(found);
    CHECK(*found == by_hand());
    CHECK_NOTHROW(check_digest(folder.path(), by_hand()));

    auto without_nodes = by_hand();
    for (auto& training : without_nodes.trainings) training.work.cohorts.clear();
    const auto shorter = find_digest(folder.path(), NodeNumbers::left_out);
    REQUIRE(shorter);
    CHECK(*shorter == without_nodes);
}

TEST_CASE("A table of the digest is the ledger's, to the last bit")
{
    const WrittenFolder folder;
    const auto of_the_ledger = table_of(folder.path());
    write_digest(folder.path(), work_of(folder));
    CHECK(table_of(folder.path()) == of_the_ledger);
    CHECK(read_run(folder.path()).wasted.count() == 16);
    CHECK(read_run(folder.path()).trainings[1].work.cohorts.size() == 1);
    CHECK(read_run(folder.path(), NodeNumbers::left_out).trainings[1].work.cohorts.empty());
}

TEST_CASE("Where nodes have places of their own, in the specification or by an option, the digest says which they were")
{
    const WrittenFolder folder;
    auto spec = WrittenFolder::spec();
    auto accounting = carbon::test::accounting();
    accounting.node_places = {accounting.countries[1], std::nullopt};
    spec["accounting"] = carbon::to_json(accounting);
    folder.write("spec.json", spec.dump());
    const auto of_the_ledger = table_of(folder.path());
    write_digest(folder.path(), work_of(folder));
    CHECK(table_of(folder.path()) == of_the_ledger);
    CHECK_FALSE(read_run(folder.path(), NodeNumbers::left_out).trainings[1].work.cohorts.empty());
}

TEST_CASE("Runs of record give the same table, report and explanation by a digest as by their ledgers")
{
    for (const std::string name : {"table4", "table4-authors"}) {
        const fedgram::test::TemporaryFolder folder;
        const auto record = fedgram::test::source_folder() / "results/reference" / name;
        for (const auto* file : {"spec.json", "summary.json", "ledger.jsonl"})
            std::filesystem::copy_file(record / file, folder / file);
        const auto everything = [&] {
            const auto run = read_run(folder.path());
            auto spread = run.accounting;
            spread.node_places = {spread.countries.front(), spread.countries.back(), std::nullopt};
            std::string all;
            for (const auto& accounting : {run.accounting, spread}) {
                const auto table = report::build_table(run, accounting);
                all += report::render(table, report::Format::json, report::footnotes(run, accounting));
                all += report::report_json(table, run).dump() + report::report(table, run);
                for (const auto& cell : table.cells) all += report::explain_json(table, run, cell).dump();
            }
            return all;
        };
        const auto of_the_ledger = everything();
        write_digest(folder.path(), read_ledger_work(folder.path(), LastLine::is_whole).work);
        REQUIRE(find_digest(folder.path(), NodeNumbers::asked_for));
        CHECK(everything() == of_the_ledger);
    }
}

TEST_CASE("A digest of another ledger isn't used")
{
    const DigestedFolder folder;
    REQUIRE(folder.has_fitting_digest());
    const auto ledger = folder.read("ledger.jsonl");
    SECTION("one byte of its end is another") { folder.change_byte("ledger.jsonl", ledger.size() - 10); }
    SECTION("it is longer") { folder.write("ledger.jsonl", ledger + ledger.substr(0, ledger.find('\n') + 1)); }
    SECTION("it is shorter") { folder.write("ledger.jsonl", ledger.substr(0, ledger.find('\n') + 1)); }
    SECTION("it isn't there") { folder.remove("ledger.jsonl"); }
    CHECK_FALSE(folder.has_fitting_digest());
    CHECK_THROWS_WITH(check_digest(folder.path(), by_hand()),
                      Catch::Contains("digest.bin is damaged, or of another ledger than") &&
                          Catch::Contains("remove digest.bin to go by the ledger alone"));
}

TEST_CASE("A ledger's end is its last 64 KiB; what changes before that is found where all is read")
{
    const WrittenFolder folder;
    std::string ledger;
    while (ledger.size() < 200'000) ledger += WrittenFolder::ledger();
    folder.write("ledger.jsonl", ledger);
    write_digest(folder.path(), work_of(folder));
    CHECK_NOTHROW(read_run(folder.path(), NodeNumbers::left_out, DigestUse::checked));

    const auto changed = [&](std::size_t from, const std::string& part, const std::string& other) {
        auto text = ledger;
        const auto at = text.find(part, from);
        REQUIRE(at != std::string::npos);
        folder.write("ledger.jsonl", text.replace(at, part.size(), other));
    };
    changed(0, "\"flops\":10000000000", "\"flops\":90000000000");
    CHECK(find_digest(folder.path(), NodeNumbers::left_out));
    CHECK_THROWS_WITH(
        read_run(folder.path(), NodeNumbers::left_out, DigestUse::checked),
        Catch::Contains("digest.bin says something else than ") && Catch::Contains("ledger.jsonl: one of"));
    changed(ledger.size() - 65'000, "\"flops\":10000000000", "\"flops\":90000000000");
    CHECK_FALSE(find_digest(folder.path(), NodeNumbers::left_out));
}

TEST_CASE("A digest that is damaged in any byte, cut off or of a later version isn't used, and no error")
{
    const DigestedFolder folder;
    for (const std::string name : {"digest.bin", "digest.nodes.bin"}) {
        const auto bytes = folder.read(name);
        for (std::size_t at = 0; at < bytes.size(); ++at) {
            folder.change_byte(name, at);
            CHECK_FALSE(folder.has_fitting_digest());
            folder.write(name, bytes);
        }
        folder.write(name, bytes.substr(0, bytes.size() / 2));
        CHECK_FALSE(folder.has_fitting_digest());
        folder.write(name, "");
        CHECK_FALSE(folder.has_fitting_digest());
        auto later = bytes.substr(0, bytes.size() - 64);
        later[7] = '2';
        folder.write(name, later + files::sha256(std::as_bytes(std::span{later})));
        CHECK_FALSE(folder.has_fitting_digest());
        CHECK_NOTHROW(read_run(folder.path()));
        folder.write(name, bytes + std::string(10'000'000, 'x'));
        CHECK_FALSE(folder.has_fitting_digest());
        folder.write(name, bytes);
        CHECK(folder.has_fitting_digest());
    }
    folder.remove("digest.nodes.bin");
    CHECK_FALSE(folder.has_fitting_digest());
    CHECK(folder.has_fitting_digest(NodeNumbers::left_out));
}

TEST_CASE("The nodes of another digest don't fit this one's works")
{
    const DigestedFolder folder;
    auto digest = decode_work(folder.read("digest.bin"), "digest.bin");
    Digest other{digest.ledger, by_hand()};
    other.work.trainings[1].work.cohorts[0].append({5, 1});
    CHECK_THROWS_WITH(take_nodes(encode_nodes(other), "nodes", digest), Catch::Contains("round 1 has other nodes"));
    other = {{1, "other"}, by_hand()};
    CHECK_THROWS_WITH(take_nodes(encode_nodes(other), "nodes", digest), "nodes is of another ledger");
}

TEST_CASE("A run folder's own digest is that of its ledger, also of one that an earlier process began")
{
    const fedgram::test::TemporaryFolder folder;
    const auto lines = carbon::test::federated_lines(2);
    const auto nodes = energy::test::two_nodes();
    const auto edge = energy::test::round_figures();
    const auto priced = energy::price(nodes, edge, energy::test::home_line);
    const std::string label = "fl";
    const auto evaluated = phase_line("fl", {std::nullopt, 1, energy::Phase::evaluate, {.flops = 10}}, edge);
    auto wasted = lines.front();
    wasted.wasted = true;
    const auto path = folder / "run";
    const auto agrees = [&] {
        const auto found = find_digest(path, NodeNumbers::asked_for);
        return found && *found == read_ledger_work(path, LastLine::is_whole).work;
    };
    {
        run::RunFolder run{path};
        run.append_ledger({label, 1, nodes, priced, edge}, {&evaluated, 1});
        run.append_ledger({&wasted, 1});
        run.write_digest();
        CHECK(agrees());
        CHECK(find_digest(path, NodeNumbers::left_out)->wasted_lines == 1);
        run.append_ledger({label, 2, nodes, priced, edge}, {});
        CHECK_FALSE(agrees());
    }
    {
        run::RunFolder run{path};
        run.append_ledger({label, 3, nodes, priced, edge}, {});
        run.write_digest();
        CHECK(agrees());
        CHECK(find_digest(path, NodeNumbers::left_out)->trainings[0].work.rounds.size() == 3);
    }
    {
        run::RunFolder run{path};
        auto older = wasted;
        older.wasted = older.has_kernels = false;
        run.append_ledger({&older, 1});
        run.write_digest();  // its kernels would have to be known
        CHECK_FALSE(std::filesystem::exists(path / "digest.bin"));
    }
}
