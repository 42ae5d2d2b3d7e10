// A model that is pruned while its federation trains: the same bytes for any number of processes and after any kill,
// and the bytes that the ledger counts.
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

// mlp-32: 784 x 32 and 32 x 10 weights, and 42 biases.
constexpr std::uint64_t parameters = 25'450;
constexpr std::uint64_t model_bytes = 4 * parameters;
constexpr std::uint64_t weights = 25'408;
// 90 % of the weights, rounded to the nearest.
constexpr std::uint64_t left = parameters - 22'867;

const std::string every_way = R"({
  "name": "pruned", "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 10, "client_fraction": 0.6, "learning_rate": 0.05, "max_rounds": 5,
                "evaluate_every_rounds": 5, "pruning": {"to_round": 3}},
  "trainings": [
    {"label": "dense", "kind": "federated", "pruning": null},
    {"label": "nothing", "kind": "federated", "pruning": {"sparsity": 0}},
    {"label": "fedavg", "kind": "federated"},
    {"label": "by-layer", "kind": "federated", "pruning": {"scope": "layer"}, "momentum": 0.9, "nesterov": true},
    {"label": "at-once", "kind": "federated", "pruning": {"from_round": 2, "to_round": 2}, "weight_decay": 0.01},
    {"label": "seldom", "kind": "federated", "pruning": {"to_round": 4, "every_rounds": 2}, "gradient_clip": 1},
    {"label": "fedprox", "kind": "federated", "strategy": {"kind": "fedprox", "mu": 0.1}},
    {"label": "fedavgm", "kind": "federated", "strategy": "fedavgm", "momentum": 0.9},
    {"label": "fedadam", "kind": "federated", "strategy": {"kind": "fedadam", "learning_rate": 0.01},
     "optimizer": "adamw", "weight_decay": 0.01, "learning_rate": 0.001},
    {"label": "fednova", "kind": "federated", "strategy": "fednova", "partition": {"kind": "quantity_skew", "alpha": 1}},
    {"label": "clipped", "kind": "federated", "aggregation": {"kind": "clipped-mean", "max_norm": 0.02}},
    {"label": "median", "kind": "federated", "aggregation": "median"},
    {"label": "partial", "kind": "federated", "fleet": [{"device": "phone", "share": 1, "speed_deviation": 0.8}],
     "local_epochs": 40, "batch_size": 2, "virtual_deadline_s": 1.2, "partial_work": true}
  ]
})";

// 30 rounds of half of the nodes, with a server that keeps momentum of pruned weights, too.
const std::string with_momentum = R"({
  "name": "momentum", "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 6, "client_fraction": 0.5, "learning_rate": 0.05, "max_rounds": 30,
                "strategy": {"kind": "fedadam", "learning_rate": 0.01}, "pruning": {"from_round": 3, "to_round": 20}},
  "trainings": [{"label": "fed", "kind": "federated"}]
})";

json trainings_of(const fs::path& run) { return json::parse(read_file(run / "summary.json")).at("trainings"); }

/// Bytes of the ledger, by training and round.
using Bytes = std::map<std::pair<std::string, std::uint32_t>, std::set<std::uint64_t>>;
Bytes bytes_of(const fs::path& run, const std::string& phase, const std::string& key)
{
    Bytes bytes;
    for (const auto& line : json_lines(run / "ledger.jsonl"))
        if (line.at("phase") == phase && !line.contains("lost"))
            bytes[{line.at("training"), line.at("round")}].insert(line.at(key).get<std::uint64_t>());
    return bytes;
}

std::ptrdiff_t rounds_of(const fs::path& run)
{
    if (!fs::exists(run / "rounds.jsonl")) return 0;
    const auto text = read_file(run / "rounds.jsonl");
    return std::count(text.begin(), text.end(), '\n');
}

void wait_for_rounds(const fs::path& run, std::ptrdiff_t rounds)
{
    for (int tries = 0; tries < 6000 && rounds_of(run) < rounds; ++tries) ::usleep(10'000);
    REQUIRE(rounds_of(run) >= rounds);
}

/// What a process of a run is, as `fedgram run` says.
pid_t pid_of(const fs::path& run, const std::string& which)
{
    const auto processes = json::parse(read_file(run / "processes.json"));
    return (which == "client" ? processes.at("clients").at(0) : processes.at(which)).at("pid").get<pid_t>();
}

/// The frames of one side of a conversation, each with what is called for it.
template <class Frame>
void each_frame(const std::string& stream, Frame frame)
{
    const auto bytes = std::as_bytes(std::span{stream});
    std::size_t at = 0;
    while (at < bytes.size()) {
        const auto header = protocol::decode(bytes.subspan(at).template first<protocol::frame_header_size>(),
                                             {1 << 20, model_bytes, model_bytes});
        const auto text = bytes.subspan(at + protocol::frame_header_size, header.header_bytes);
        at += protocol::frame_header_size + header.header_bytes + header.payload_bytes;
        frame(protocol::Frame{
            header.type, {reinterpret_cast<const char*>(text.data()), text.size()}, {}, header.payload_bytes});
    }
    CHECK(at == bytes.size());
}

}  // namespace

TEST_CASE("A model that is pruned is the same for any number of client processes", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "given.json", every_way);
    for (const std::string processes : {"1", "2", "10"}) {
        const auto outcome = run(
            "fedgram", {"run", folder / "given.json", "--out", folder / processes, "--client-processes", processes});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
    }
    const auto hashes = [&](const std::string& run) {
        std::vector<std::string> each;
        for (const auto& training : trainings_of(folder / run)) {
            CHECK(training.at("refused_updates").empty());
            each.push_back(training.at("parameters_sha256"));
        }
        return each;
    };
    const auto one = hashes("1");
    // Where nothing goes, values that are sent by a mask make the model that whole updates make.
    CHECK(one.at(0) == one.at(1));
    CHECK(std::set<std::string>{one.begin(), one.end()}.size() == one.size() - 1);
    for (const std::string other : {"2", "10"}) {
        CHECK(hashes(other) == one);
        for (const std::string file : {"table.json", "ledger.jsonl", "rounds.jsonl"})
            CHECK(read_file(folder / other / file) == read_file(folder / "1" / file));
    }

    const auto up = bytes_of(folder / "1", "upload", "bytes_up");
    const auto down = bytes_of(folder / "1", "download", "bytes_down");
    using Sizes = std::set<std::uint64_t>;
    for (std::uint32_t round = 1; round <= 5; ++round) {
        CHECK(up.at({"dense", round}) == Sizes{model_bytes});
        CHECK(up.at({"nothing", round}) == Sizes{model_bytes});
        CHECK(down.at({"nothing", round}) == Sizes{model_bytes});
    }
    CHECK(up.at({"fedavg", 1}) == Sizes{model_bytes});
    CHECK(down.at({"fedavg", 1}) == Sizes{model_bytes});
    // 0.9 (1 - (1 - p)^3) at p = 1/3 and 2/3: 19/30 and 13/15.
    CHECK(up.at({"fedavg", 2}) == Sizes{4 * (parameters - 16'092)});
    CHECK(up.at({"fedavg", 3}) == Sizes{4 * (parameters - 22'020)});
    CHECK(up.at({"at-once", 2}) == Sizes{model_bytes});
    CHECK(up.at({"at-once", 3}) == Sizes{4 * left});
    CHECK(up.at({"seldom", 3}) == up.at({"seldom", 2}));
    for (const std::string label : {"fedavg", "fedprox", "fedavgm", "fedadam", "clipped", "partial"}) {
        CAPTURE(label);
        for (const std::uint32_t round : {4U, 5U}) {
            CHECK(up.at({label, round}) == Sizes{4 * left});
            // No larger than as a bitmap, and a byte for the form.
            CHECK(*down.at({label, round}).rbegin() <= 1 + (parameters + 7) / 8 + 4 * left);
        }
    }
    CHECK(up.at({"by-layer", 5}) == Sizes{4 * (parameters - 22'579 - 288)});
}

TEST_CASE("The ledger's bytes of a pruned model and its updates are those on the socket", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "given.json", every_way);
    REQUIRE(run("fedgram", {"resolve", folder / "given.json", "--out", folder / "spec.json"}).exit_code == 0);
    Process coordinator{"fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run"}};
    RecordingRelay relay{coordinator.read_line().substr(std::string{"listening "}.size())};
    Process client{"fedgram-client", {"--connect", relay.address(), "--nodes", "0-9"}};
    const auto outcome = coordinator.wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(client.wait().exit_code == 0);

    const auto trainings = trainings_of(folder / "run");
    const auto label = [&](std::uint32_t training) { return trainings.at(training).at("label").get<std::string>(); };
    using MessageType = protocol::MessageType;
    Bytes up, down;
    std::set<MessageType> models;
    each_frame(relay.sent(), [&](const protocol::Frame& frame) {
        if (frame.type != MessageType::client_update && frame.type != MessageType::encoded_update) return;
        const auto update = protocol::parse<wire::ClientUpdate>(frame);
        up[{label(update.training()), update.round()}].insert(frame.payload_bytes);
    });
    each_frame(relay.received(), [&](const protocol::Frame& frame) {
        if (frame.type != MessageType::round_model && frame.type != MessageType::encoded_model) return;
        const auto model = protocol::parse<wire::RoundModel>(frame);
        down[{label(model.training()), model.round()}].insert(frame.payload_bytes);
        models.insert(frame.type);
    });
    CHECK(models.size() == 2);
    CHECK(up == bytes_of(folder / "run", "upload", "bytes_up"));
    CHECK(down == bytes_of(folder / "run", "download", "bytes_down"));
}

TEST_CASE("A run that prunes goes on from a kill to the same bits", "[integration]")
{
    const std::string killed = GENERATE("coordinator", "client");
    CAPTURE(killed);
    const TemporaryFolder folder;
    write_file(folder / "given.json", with_momentum);
    const auto path = folder / "run";
    const auto arguments = [&](const std::string& out) {
        return std::vector<std::string>{"run", folder / "given.json",   "--out", folder / out, "--client-processes",
                                        "3",   "--checkpoint-interval", "0"};
    };
    REQUIRE(run("fedgram", arguments("undisturbed")).exit_code == 0);

    std::optional<Process> process{std::in_place, "fedgram", arguments("run")};
    for (const int rounds : {2, 12, 22}) {  // before the first mask, between masks, and behind the last
        wait_for_rounds(path, rounds);
        REQUIRE(::kill(pid_of(path, killed), SIGKILL) == 0);
        if (killed == "client") continue;
        CHECK(process->wait().exit_code == 5);
        process.emplace("fedgram", std::vector<std::string>{"run", "--resume", path, "--checkpoint-interval", "0"});
    }
    const auto outcome = process->wait();
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto undisturbed = folder / "undisturbed";
    CHECK(trainings_of(path).at(0).at("parameters_sha256") == trainings_of(undisturbed).at(0).at("parameters_sha256"));
    for (const std::string file : {"table.json", "rounds.jsonl"})
        CHECK(read_file(path / file) == read_file(undisturbed / file));
    CHECK(completed_lines(read_file(path / "ledger.jsonl")) == read_file(undisturbed / "ledger.jsonl"));
}

TEST_CASE("What pruning saves and takes stands beneath the table", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "given.json", every_way);
    const auto outcome = run("fedgram", {"run", folder / "given.json", "--out", folder / "run"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK_THAT(read_file(folder / "run" / "table.txt"), Catch::Contains("pruning to 90 %, from round 1 to 3"));
    const auto methods = trainings_of(folder / "run").at(2).at("methods");
    REQUIRE(methods.size() == 1);
    CHECK(methods.at(0).at("name") == "pruning");
}
