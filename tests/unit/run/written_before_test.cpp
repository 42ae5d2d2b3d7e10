// fixture_v1 is the folder of a run as the Fedgram before formats had versions wrote it: all of them are 1.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstring>
#include <regex>

#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "common/files/sha256.hpp"
#include "common/report/budget/run_budget.hpp"
#include "common/report/render/render.hpp"
#include "common/report/table/table.hpp"
#include "common/run/checkpoint.hpp"
#include "common/run/event.hpp"
#include "common/run/host_line.hpp"
#include "common/run/json_file.hpp"
#include "common/run/ledger.hpp"
#include "common/run/processes.hpp"
#include "common/run/round_line.hpp"
#include "common/run/run_record.hpp"
#include "common/run/spec_file.hpp"
#include "common/run/summary.hpp"
#include "tests/support/places.hpp"

using namespace fedgram;
using Json = nlohmann::ordered_json;

namespace {

const std::filesystem::path folder = test::source_folder() / "tests/unit/run/fixture_v1";

std::string text_of(const std::string& name) { return files::read_file(folder / name); }

std::string bytes_of(std::uint64_t number)
{
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}

}  // namespace

TEST_CASE("Version 1 of spec.json reads, for running it and for looking at the run")
{
    const auto spec = run::read_spec_file(folder);
    CHECK(spec.name == "tiny");
    CHECK(spec.seed == 3);
    CHECK(spec.model == "mlp-32");
    CHECK(spec.dataset == "fashion-mnist");
    CHECK(spec.target_accuracy == 0.99);
    REQUIRE(spec.trainings.size() == 2);
    CHECK(spec.trainings[0].label == "central");
    CHECK(spec.trainings[0].set_up.empty());
    CHECK(spec.trainings[1].label == "iid");
    CHECK(spec.trainings[1].set_up == "2 nodes, partition iid");
    CHECK(spec.train_samples == 60);
    const auto experiment = run::parse_spec_text(text_of("spec.json"), "spec.json");
    CHECK(experiment.trainings.size() == 2);
    CHECK(run::spec_text(experiment) == text_of("spec.json"));
}

TEST_CASE("Version 1 of summary.json reads, and is written the same but for the versions")
{
    const auto summary = run::read_summary(folder);
    CHECK(summary.fedgram == "0.1.0");
    CHECK(summary.engine.cpu == "AVX-512");
    CHECK(summary.host_cpu_model == "AMD EPYC");
    CHECK(summary.whole(2));
    CHECK_FALSE(summary.whole(3));
    REQUIRE(summary.trainings.size() == 2);
    const auto& training = summary.trainings[1];
    CHECK(training.federated());
    CHECK(training.missed_target());
    CHECK(training.rounds == 2);
    CHECK(training.virtual_seconds.count() == 0.25234813266331657);
    CHECK(training.host_meters.size() == 3);

    auto written = run::to_json(summary);
    CHECK(written["formats"]["ledger"] == 1);
    written.erase("formats");
    CHECK(written.dump(2) + "\n" == text_of("summary.json"));
}

TEST_CASE(
    "Version 1 of rounds.jsonl, events.jsonl and ledger.jsonl reads, and a line is written as it was, but for a "
    "round's label")
{
    const auto rounds = run::parse_rounds(text_of("rounds.jsonl"), "rounds.jsonl");
    REQUIRE(rounds.size() == 3);
    CHECK_FALSE(rounds[1].evaluation);
    CHECK(rounds[2].evaluation->test_accuracy == 0.1826);
    std::string written;
    for (const auto& line : rounds) written += to_json_line(line) + "\n";
    CHECK(written == std::regex_replace(text_of("rounds.jsonl"), std::regex{"\"label\""}, "\"training\""));

    const auto events = run::parse_events(text_of("events.jsonl"), "events.jsonl");
    REQUIRE(events.size() == 2);
    CHECK(events[0].name == "started");
    CHECK(events[0].details["clients"] == 2);
    written.clear();
    for (const auto& event : events) written += to_json_line(event) + "\n";
    CHECK(written == text_of("events.jsonl"));

    const auto ledger = run::parse_ledger(text_of("ledger.jsonl"), "ledger.jsonl");
    written.clear();
    for (const auto& line : ledger) written += to_json_line(line) + "\n";
    CHECK(written == text_of("ledger.jsonl"));
}

TEST_CASE("Version 1 of host.jsonl and processes.json reads")
{
    const auto host = run::parse_host_lines(text_of("host.jsonl"));
    CHECK(host.damaged == 0);
    REQUIRE(host.lines.size() == 5);
    CHECK(host.lines[1].estimate->process == "client of nodes 1");
    std::string written;
    for (const auto& line : host.lines) written += to_json_line(line) + "\n";
    CHECK(written == text_of("host.jsonl"));

    const auto processes = run::parse_processes(run::read_json_file(folder / "processes.json"), "processes.json");
    CHECK(processes.coordinator == 6263);
    CHECK(processes.address == "127.0.0.1:42387");
    REQUIRE(processes.clients.size() == 2);
    CHECK(processes.clients[0].nodes == std::vector<std::uint32_t>{1});
}

TEST_CASE("Version 1 of a checkpoint reads")
{
    const auto trainings = run::read_json_file(folder / "summary.json")["trainings"];
    auto so_far = trainings[1];
    so_far["ended_by"] = "limit";
    const Json header{
        {"spec_sha256", "abc"},
        {"finished", Json::array({trainings[0]})},
        {"ends", {{"rounds", 489}, {"ledger", 5889}, {"host", 1509}}},
        {"point", {{"rounds", 2}, {"record", {{"result", so_far}, {"in_a_row", 1}, {"reached", false}}}}}};
    const std::string state = "state";
    const auto text = header.dump();
    const auto content = "FDGCKPT1" + bytes_of(text.size()) + bytes_of(state.size()) + text + state;
    const auto checkpoint = run::decode(content + files::sha256(std::as_bytes(std::span{content})), "here");
    CHECK(checkpoint.finished[0].label == "central");
    CHECK(checkpoint.ends.ledger == 5889);
    CHECK(checkpoint.point->record.in_a_row == 1);
    CHECK(checkpoint.point->record.result.label == "iid");
    CHECK(checkpoint.point->state.size() == 5);
    CHECK(run::encode(checkpoint) == content + files::sha256(std::as_bytes(std::span{content})));
}

TEST_CASE("A folder of version 1 has its budget, and the table that today's profiles make of it")
{
    const auto record = run::read_run(folder);
    CHECK(record.whole);
    CHECK(report::render(report::build_table(record, record.accounting), report::Format::markdown) ==
          text_of("table.md"));
    const auto budget = report::read_run_budget(folder);
    CHECK(budget.state == report::RunState::whole);
    CHECK(budget.missed == std::vector<std::string>{"central", "iid"});
    CHECK(budget.spending.samples == 60 + 2 * 60);  // an epoch of 60 samples, and two rounds over the same
}
