// Compressed updates from end to end: the same bytes for any number of processes, the bytes that the ledger counts, and
// what a node keeps for its next update.
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>
#include <tuple>

#include "common/protocol/messages.hpp"
#include "tests/integration/recording_relay.hpp"
#include "tests/support/command.hpp"
#include "tests/support/completed_lines.hpp"
#include "tests/support/json_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::test;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t parameters = 25'450;

// Six of ten nodes in a round, so that what a node keeps is of different rounds.
const std::string every_codec = R"({
  "name": "compressed", "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 10, "client_fraction": 0.6, "learning_rate": 0.05, "max_rounds": 3,
                "evaluate_every_rounds": 3},
  "trainings": [
    {"label": "none", "kind": "federated"},
    {"label": "fp16", "kind": "federated", "compression": "fp16"},
    {"label": "bf16", "kind": "federated", "compression": "bf16"},
    {"label": "int8", "kind": "federated", "compression": "int8"},
    {"label": "int4", "kind": "federated", "compression": {"kind": "int4", "block": 100}},
    {"label": "qsgd", "kind": "federated", "compression": {"kind": "qsgd", "levels": 7}},
    {"label": "sign", "kind": "federated", "compression": "sign"},
    {"label": "sign-alone", "kind": "federated", "compression": {"kind": "sign", "error_feedback": false}},
    {"label": "top", "kind": "federated", "compression": {"kind": "top-k", "fraction": 0.05}},
    {"label": "top-alone", "kind": "federated", "compression": {"kind": "top-k", "error_feedback": false}},
    {"label": "random", "kind": "federated", "compression": {"kind": "random-k", "fraction": 0.1}},
    {"label": "random-alone", "kind": "federated",
     "compression": {"kind": "random-k", "fraction": 0.1, "error_feedback": false}},
    {"label": "chain", "kind": "federated", "compression": [{"kind": "top-k", "fraction": 0.05}, "int8"]},
    {"label": "median", "kind": "federated", "aggregation": "median", "compression": ["random-k", "qsgd"]},
    {"label": "partial", "kind": "federated", "fleet": [{"device": "phone", "share": 1, "speed_deviation": 0.8}],
     "local_epochs": 40, "batch_size": 2, "virtual_deadline_s": 1.2, "partial_work": true, "compression": "int8"},
    {"label": "buffered", "kind": "federated", "client_fraction": 1, "mode": "buffered",
     "buffered": {"concurrency": 5, "buffer": 2}, "fleet": [{"device": "phone", "share": 1, "speed_deviation": 0.8}],
     "compression": {"kind": "top-k", "error_feedback": false}}
  ]
})";

// 40 rounds of half of the nodes, which keep what they haven't sent.
const std::string with_feedback = R"({
  "name": "feedback", "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 6, "client_fraction": 0.5, "learning_rate": 0.05, "max_rounds": 40,
                "compression": [{"kind": "top-k", "fraction": 0.02}, "int8"]},
  "trainings": [{"label": "fed", "kind": "federated"}]
})";

// The other methods that change what is sent. Masked with whatever neighbours, fixed point gives one sum.
const std::string private_and_secure = R"({
  "name": "private", "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 10, "client_fraction": 0.6, "learning_rate": 0.05, "max_rounds": 3,
                "evaluate_every_rounds": 3},
  "trainings": [
    {"label": "all", "kind": "federated", "client_fraction": 1},
    {"label": "no-noise", "kind": "federated", "client_fraction": 1, "privacy": {"clip": null, "noise_multiplier": 0}},
    {"label": "private", "kind": "federated", "privacy": {"clip": 0.5, "noise_multiplier": 0.5, "delta": 0.01}},
    {"label": "adaptive", "kind": "federated", "strategy": "fedadam",
     "privacy": {"clip": "adaptive", "noise_multiplier": 0.1, "delta": 0.01}},
    {"label": "fixed", "kind": "federated", "privacy": {"clip": 0.5, "epsilon": 50, "delta": 0.01, "sampling": "fixed"}},
    {"label": "secure", "kind": "federated", "secure_aggregation": true},
    {"label": "secure-2", "kind": "federated", "secure_aggregation": {"neighbours": 2}},
    {"label": "secure-private", "kind": "federated", "client_fraction": 1, "secure_aggregation": true,
     "privacy": {"clip": 0.5, "noise_multiplier": 0.5, "delta": 0.01}},
    {"label": "down", "kind": "federated", "download_compression": "int8", "compression": "int4"},
    {"label": "down-top", "kind": "federated", "strategy": "scaffold",
     "download_compression": {"kind": "top-k", "fraction": 0.1}}
  ]
})";

json trainings_of(const fs::path& run) { return json::parse(read_file(run / "summary.json")).at("trainings"); }

std::vector<json> events(const fs::path& run, const std::string& name)
{
    auto lines = json_lines(run / "events.jsonl");
    std::erase_if(lines, [&](const json& line) { return line.at("event") != name; });
    return lines;
}

std::ptrdiff_t rounds_of(const fs::path& run)
{
    if (!fs::exists(run / "rounds.jsonl")) return 0;
    const auto text = read_file(run / "rounds.jsonl");
    return std::count(text.begin(), text.end(), '\n');
}

/// Waits for so many rounds.
void wait_for_rounds(const fs::path& run, std::ptrdiff_t rounds)
{
    for (int tries = 0; tries < 6000 && rounds_of(run) < rounds; ++tries) ::usleep(10'000);
    REQUIRE(rounds_of(run) >= rounds);
}

/// A run with error feedback, and an undisturbed one beside it.
class Feedback {
public:
    Feedback() { write_file(folder_ / "feedback.json", with_feedback); }

    [[nodiscard]] fs::path path() const { return folder_ / "run"; }
    [[nodiscard]] std::vector<std::string> arguments(const std::string& out,
                                                     const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> arguments{"run", folder_ / "feedback.json", "--out", folder_ / out};
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }
    void check_resumes(const std::vector<std::string>& more = {}) const
    {
        std::vector<std::string> arguments{"run", "--resume", path()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run("fedgram", arguments);
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }
    void check_equals_undisturbed() const
    {
        const auto out = folder_ / "undisturbed";
        const auto outcome = run("fedgram", arguments("undisturbed"));
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK(trainings_of(path()).at(0).at("parameters_sha256") == trainings_of(out).at(0).at("parameters_sha256"));
        for (const std::string file : {"table.json", "rounds.jsonl"})
            CHECK(read_file(path() / file) == read_file(out / file));
        CHECK(completed_lines(read_file(path() / "ledger.jsonl")) == read_file(out / "ledger.jsonl"));
        CHECK_FALSE(trainings_of(path()).at(0).contains("restarted_nodes"));
    }

private:
    TemporaryFolder folder_;
};

}  // namespace

TEST_CASE("Every compression gives the same bytes for any number of client processes", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "given.json", every_codec);
    for (const std::string processes : {"1", "2", "10"}) {
        const auto outcome = run(
            "fedgram", {"run", folder / "given.json", "--out", folder / processes, "--client-processes", processes});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        CHECK_FALSE(fs::exists(folder / processes / "node-state"));  // the run is over
    }
    const auto hashes = [&](const std::string& run) {
        std::vector<std::string> each;
        for (const auto& training : trainings_of(folder / run)) {
            CHECK(training.at("refused_updates").empty());
            CHECK_FALSE(training.contains("restarted_nodes"));
            each.push_back(training.at("parameters_sha256"));
        }
        return each;
    };
    const auto one = hashes("1");
    CHECK(std::set<std::string>{one.begin(), one.end()}.size() == 16);  // each compression is another
    for (const std::string other : {"2", "10"}) {
        CHECK(hashes(other) == one);
        for (const std::string file : {"table.json", "ledger.jsonl", "rounds.jsonl"})
            CHECK(read_file(folder / other / file) == read_file(folder / "1" / file));
    }

    std::map<std::string, std::set<std::uint64_t>> sizes;  // of updates that came
    for (const auto& line : json_lines(folder / "1" / "ledger.jsonl"))
        if (line.at("phase") == "upload" && !line.contains("lost"))
            sizes[line.at("training")].insert(line.at("bytes_up").get<std::uint64_t>());
    CHECK(sizes["none"] == std::set<std::uint64_t>{4 * parameters});
    CHECK(sizes["fp16"] == std::set<std::uint64_t>{2 * parameters});
    CHECK(sizes["int8"] == std::set<std::uint64_t>{4 * 100 + parameters});
    CHECK(sizes["int4"] == std::set<std::uint64_t>{4 * 255 + parameters / 2});
    CHECK(sizes["sign"] == std::set<std::uint64_t>{4 + 3182});
    CHECK(sizes["random"] == std::set<std::uint64_t>{4 * 2545});
    CHECK(sizes["partial"] == sizes["int8"]);
    // What each difference takes of those whose size varies.
    for (const std::string label : {"qsgd", "top", "top-alone", "chain", "buffered"}) CHECK(sizes[label].size() > 1);
}

TEST_CASE("The ledger's bytes are those of the payloads on the socket, without the frames around them", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "given.json", every_codec);
    REQUIRE(run("fedgram", {"resolve", folder / "given.json", "--out", folder / "spec.json"}).exit_code == 0);
    Process coordinator{"fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run"}};
    RecordingRelay relay{coordinator.read_line().substr(std::string{"listening "}.size())};
    Process client{"fedgram-client", {"--connect", relay.address(), "--nodes", "0-9", "--state-dir", folder / "state"}};
    const auto outcome = coordinator.wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(client.wait().exit_code == 0);

    std::map<std::tuple<std::string, std::uint32_t, std::uint32_t>, std::uint64_t> sent;  // by training, round, node
    std::uint64_t sent_up = 0;
    const auto stream = std::as_bytes(std::span{relay.sent()});
    const auto trainings = trainings_of(folder / "run");
    std::size_t at = 0;
    std::size_t around_payloads = 0;
    while (at < stream.size()) {
        const auto header = protocol::decode(stream.subspan(at).first<protocol::frame_header_size>(),
                                             {64 * 1024, 4 * parameters, 4 * parameters});
        const auto text = stream.subspan(at + protocol::frame_header_size, header.header_bytes);
        at += protocol::frame_header_size + header.header_bytes + header.payload_bytes;
        around_payloads += protocol::frame_header_size + header.header_bytes;
        if (header.type != protocol::MessageType::client_update && header.type != protocol::MessageType::encoded_update)
            continue;
        protocol::Frame frame{header.type, {reinterpret_cast<const char*>(text.data()), text.size()}, {}, 0};
        const auto update = protocol::parse<wire::ClientUpdate>(frame);
        const auto& label = trainings.at(update.training()).at("label").get<std::string>();
        sent[{label, update.round(), update.node()}] = header.payload_bytes;
        sent_up += header.payload_bytes;
        CHECK((header.type == protocol::MessageType::client_update) == (label == "none"));
    }
    CHECK(at == stream.size());
    CHECK(sent_up + around_payloads == stream.size());
    CHECK(events(folder / "run", "finished").at(0).at("bytes_received") == stream.size());

    std::map<std::tuple<std::string, std::uint32_t, std::uint32_t>, std::uint64_t> counted;
    for (const auto& line : json_lines(folder / "run" / "ledger.jsonl"))
        // Asynchronous training counts an update at its flush, and several of a node together.
        if (line.at("phase") == "upload" && !line.contains("lost") && line.at("training") != "buffered")
            counted[{line.at("training"), line.at("round"), line.at("node")}] = line.at("bytes_up");
    std::erase_if(sent, [](const auto& update) { return std::get<0>(update.first) == "buffered"; });
    CHECK(counted.size() > 200);
    CHECK(counted == sent);
}

TEST_CASE("With error feedback a client that is killed costs a run none of its bits", "[integration]")
{
    const Feedback feedback;
    Process process{"fedgram", feedback.arguments("run", {"--client-processes", "3", "--checkpoint-interval", "0"})};
    for (const int rounds : {8, 20}) {
        wait_for_rounds(feedback.path(), rounds);
        const auto processes = json::parse(read_file(feedback.path() / "processes.json"));
        CHECK(::kill(processes.at("clients").at(0).at("pid").get<pid_t>(), SIGKILL) == 0);
    }
    const auto outcome = process.wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(events(feedback.path(), "client_lost").size() >= 1);
    feedback.check_equals_undisturbed();
}

TEST_CASE("With error feedback a run goes on from any of its checkpoints to the same bits", "[integration]")
{
    // Far behind the latest one; from the one before, since the latest is damaged; from its very beginning.
    const std::string interval = GENERATE("0.3", "0", "1000");
    const Feedback feedback;
    std::optional<Process> process{std::in_place, "fedgram",
                                   feedback.arguments("run", {"--checkpoint-interval", interval})};
    for (const int rounds : {10, 25}) {
        if (rounds > 10)
            process.emplace("fedgram", std::vector<std::string>{"run", "--resume", feedback.path(),
                                                                "--checkpoint-interval", interval});
        wait_for_rounds(feedback.path(), rounds);
        const auto processes = json::parse(read_file(feedback.path() / "processes.json"));
        REQUIRE(::kill(processes.at("coordinator").at("pid").get<pid_t>(), SIGKILL) == 0);
        CHECK(process->wait().exit_code == 5);
        if (interval == "0") write_file(feedback.path() / "checkpoint.bin", "damaged");
    }
    feedback.check_resumes();
    if (interval == "0") CHECK(events(feedback.path(), "checkpoint_damaged").size() == 2);
    feedback.check_equals_undisturbed();
}

TEST_CASE("Nodes whose state is lost begin anew, by name, and the run goes on", "[integration]")
{
    const Feedback feedback;
    const auto store = feedback.path().parent_path() / "store";
    Process process{"fedgram", feedback.arguments("run", {"--set", "federated.client_fraction=1"})};
    wait_for_rounds(feedback.path(), 6);
    process.send(SIGINT);
    CHECK(process.wait().exit_code == 128 + SIGINT);
    REQUIRE(fs::exists(feedback.path() / "node-state"));  // only a run that is over needs none
    fs::remove_all(feedback.path() / "node-state");

    feedback.check_resumes({"--store", store});
    CHECK_FALSE(fs::exists(feedback.path() / "node-state"));
    const json all{0, 1, 2, 3, 4, 5};
    CHECK(trainings_of(feedback.path()).at(0).at("restarted_nodes") == all);
    std::vector<std::uint32_t> named;
    for (const auto& event : events(feedback.path(), "node_state_lost")) {
        CHECK(event.at("training") == "fed");
        named.push_back(event.at("node"));
    }
    std::ranges::sort(named);
    CHECK(json(named) == all);
    const std::string line = "\nState lost: in fed what the nodes 0-5 had left to send; ";
    CHECK_THAT(read_file(feedback.path() / "table.txt"), Catch::Contains(line));
    CHECK_THAT(run("fedgram", {"table", feedback.path()}).out, Catch::Contains(line));
    const auto report = json::parse(run("fedgram", {"report", feedback.path(), "--json"}).out);
    for (const auto& column : report.at("columns")) CHECK(column.at("restarted_nodes") == all);
    // Another run of this specification would train otherwise.
    for (const auto& entry : fs::directory_iterator{store}) CHECK(entry.path().extension() != ".training");
}

TEST_CASE("A client without a folder for its nodes' state says so where they need one, and ends", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "given.json", with_feedback);
    REQUIRE(run("fedgram", {"resolve", folder / "given.json", "--out", folder / "spec.json"}).exit_code == 0);
    Process coordinator{"fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run"}};
    const auto address = coordinator.read_line().substr(std::string{"listening "}.size());
    const auto client = run("fedgram-client", {"--connect", address, "--nodes", "0-5"});
    CHECK(client.exit_code == 2);
    const std::string words =
        "trainings.fed.compression: with error feedback a node keeps what it hasn't sent, and this client has no "
        "folder for that; start it with --state-dir DIR";
    CHECK(client.err == "fedgram-client: " + words + "\n");
    const auto outcome = coordinator.wait();
    CHECK(outcome.exit_code == 5);
    CHECK_THAT(outcome.err, Catch::Contains("a client could not start: " + words));
}

TEST_CASE("Masks, noise and a compressed download give the same for 1, 2 and 10 processes", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "private.json", private_and_secure);
    const auto run_by = [&](const std::string& processes) {
        const auto outcome = run(
            "fedgram", {"run", folder / "private.json", "--client-processes", processes, "--out", folder / processes});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        return folder / processes;
    };
    const auto one = run_by("1");
    std::map<std::string, std::string> digests;
    for (const auto& training : trainings_of(one)) digests[training.at("label")] = training.at("parameters_sha256");
    CHECK(digests.at("no-noise") == digests.at("all"));
    CHECK(digests.at("secure") == digests.at("secure-2"));
    for (const std::string processes : {"2", "10"}) {
        const auto other = run_by(processes);
        CHECK(read_file(other / "table.json") == read_file(one / "table.json"));
        CHECK(read_file(other / "ledger.jsonl") == read_file(one / "ledger.jsonl"));
        for (const auto& training : trainings_of(other))
            CHECK(training.at("parameters_sha256") == digests.at(training.at("label")));
    }
}
