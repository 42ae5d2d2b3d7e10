#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "datasets/readers/dataset.hpp"
#include "tests/integration/raw_client.hpp"
#include "tests/support/command.hpp"
#include "tests/support/completed_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::test;
using nlohmann::json;
using protocol::MessageType;

namespace {

// Five nodes of 120 samples each; the fifth is the raw client's.
const std::string bad_spec = R"({
  "name": "bad-updates",
  "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 5, "learning_rate": 0.05, "max_rounds": 11, "silence_deadline_s": 300, "rejoin_wait_s": 0},
  "trainings": [{"label": "fed", "kind": "federated"}]
})";

// The same with updates that are compressed, and some that aren't.
const std::string bad_codes_spec = R"({
  "name": "bad-codes",
  "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 5, "learning_rate": 0.05, "silence_deadline_s": 300, "rejoin_wait_s": 0},
  "trainings": [{"label": "plain", "kind": "federated", "max_rounds": 2},
                {"label": "top", "kind": "federated", "max_rounds": 3,
                 "compression": {"kind": "top-k", "error_feedback": false}},
                {"label": "int8", "kind": "federated", "max_rounds": 7, "compression": "int8"}]
})";

constexpr std::uint32_t node = 4;
constexpr std::size_t parameters = 25'450;

const std::string& data_sha256()
{
    static const auto sha256 = datasets::load({.dataset = "fashion-mnist"}, {}).sha256;
    return sha256;
}

/// What the node is asked for: 120 samples in batches of 32, once.
wire::ClientUpdate right_update(const wire::TrainNode& task)
{
    wire::ClientUpdate update;
    update.set_training(task.training());
    update.set_round(task.round());
    update.set_node(task.node());
    update.set_samples(120);
    update.set_samples_seen(120);
    update.set_steps(4);
    return update;
}

using Behaviour = std::function<void(RawClient&, const wire::TrainNode&)>;

/// A run of which the raw client hosts the last node; `folder / run` holds its results.
Outcome federate(const TemporaryFolder& folder, const std::string& name, const std::vector<std::string>& sets,
                 const Behaviour& behaviour, const std::string& spec = bad_spec)
{
    write_file(folder / "bad-updates.json", spec);
    std::vector<std::string> resolve{"resolve", folder / "bad-updates.json", "--out", folder / (name + ".json")};
    for (const auto& set : sets) resolve.insert(resolve.end(), {"--set", set});
    REQUIRE(run("fedgram", resolve).exit_code == 0);
    Process coordinator{"fedgram-coordinator",
                        {"--spec", folder / (name + ".json"), "--out", folder / name, "--listen", "127.0.0.1:0"}};
    const auto address = coordinator.read_line().substr(std::string{"listening "}.size());
    Process others{"fedgram-client", {"--connect", address, "--nodes", "0-3"}};
    RawClient raw{address, node, parameters, data_sha256()};
    while (const auto task = raw.next_task()) behaviour(raw, *task);
    auto outcome = coordinator.wait();
    CHECK(others.wait().exit_code == 0);
    return outcome;
}

json training_of(const std::filesystem::path& run)
{
    return json::parse(read_file(run / "summary.json")).at("trainings").at(0);
}

/// Without one that is being written.
std::vector<json> lines_of(const std::filesystem::path& file)
{
    std::vector<json> lines;
    if (!std::filesystem::exists(file)) return lines;
    std::istringstream text{read_file(file)};
    for (std::string line; std::getline(text, line) && !text.eof();) lines.push_back(json::parse(line));
    return lines;
}

void fail(RawClient& raw, const wire::TrainNode& task)
{
    wire::NodeFailed failed;
    failed.set_training(task.training());
    failed.set_round(task.round());
    failed.set_node(task.node());
    failed.set_reason("it is a test");
    raw.send(MessageType::node_failed, failed);
}

/// Another wrong update in each round; after the tenth the connection is cut.
void misbehave(RawClient& raw, const wire::TrainNode& task)
{
    auto update = right_update(task);
    auto payload = raw.global();
    auto not_finite = payload;
    not_finite[7] = std::numeric_limits<float>::quiet_NaN();
    switch (task.round()) {
        case 1:
            raw.send(MessageType::client_update, update, not_finite);
            break;
        case 2:
            payload.back() = -std::numeric_limits<float>::infinity();
            raw.send(MessageType::client_update, update, payload);
            break;
        case 3:
            update.set_round(8);
            raw.send(MessageType::client_update, update, payload);
            break;
        case 4:
            update.set_samples(1'000'000);
            raw.send(MessageType::client_update, update, payload);
            break;
        case 5:  // 1000 x sqrt(25,450) = 159,531
            for (auto& value : payload) value += 1000;
            raw.send(MessageType::client_update, update, payload);
            break;
        case 6:
            update.set_node(0);
            raw.send(MessageType::client_update, update, payload);
            update.set_node(node);
            raw.send(MessageType::client_update, update, not_finite);
            break;
        case 7:
            raw.send(MessageType::client_update, update, not_finite);
            raw.send(MessageType::client_update, update, payload);
            break;
        case 8:
            update.set_mean_loss(std::numeric_limits<double>::quiet_NaN());
            raw.send(MessageType::client_update, update, payload);
            break;
        case 9:
            fail(raw, task);
            break;
        default:
            payload.resize(parameters / 2);
            raw.send(MessageType::client_update, update, payload);
    }
}

/// An update that changes nothing, where it is a right one.
using Bytes = std::vector<std::byte>;
constexpr std::size_t scales = 4 * 100;
Bytes int8_update() { return Bytes(scales + parameters); }

/// Wrong codes in each round but the last but one of int8, where the update is right; after the last one the connection
/// is cut.
void send_wrong_codes(RawClient& raw, const wire::TrainNode& task)
{
    const auto update = right_update(task);
    auto bytes = int8_update();
    switch (10 * task.training() + task.round()) {
        case 1:
            raw.send(update, bytes);
            break;
        case 2:
            raw.send(update, {});
            break;
        case 11:  // The first of 255 gaps, 397 zeros, a 1 and six bits, passes 397 x 64 + 63 = 25,471 parameters over.
            bytes.assign(1 + 274, {});
            bytes[1 + 397 / 8] = std::byte{0xe0};
            bytes[2 + 397 / 8] = std::byte{0x0f};
            raw.send(update, bytes);
            break;
        case 12:
            raw.send(update, bytes);  // of another training's codec
            break;
        case 13:
            raw.send(MessageType::client_update, update, raw.global());
            break;
        case 21:
            bytes[scales + 7] = std::byte{0x80};
            raw.send(update, bytes);
            break;
        case 22:
            bytes.resize(parameters);  // without the scales
            raw.send(update, bytes);
            break;
        case 23:
            bytes[2] = std::byte{0x80};
            bytes[3] = std::byte{0x7f};
            raw.send(update, bytes);
            break;
        case 24:
            raw.send(MessageType::client_update, update, raw.global());
            break;
        case 25:
            raw.send(update, {});
            break;
        case 26:
            raw.send(update, bytes);
            break;
        default:
            bytes.resize(bytes.size() + 1);
            raw.send(update, bytes);
    }
}

}  // namespace

TEST_CASE("Updates that aren't coded as their training has it are refused by name, and the run goes on",
          "[integration]")
{
    const TemporaryFolder folder;
    const auto without = federate(
        folder, "without", {},
        [](RawClient& raw, const wire::TrainNode& task) {
            if (task.training() == 2 && task.round() == 6)
                raw.send(right_update(task), int8_update());
            else
                fail(raw, task);
        },
        bad_codes_spec);
    INFO(without.err);
    REQUIRE(without.exit_code == 0);

    const auto outcome = federate(folder, "with", {}, send_wrong_codes, bad_codes_spec);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto trainings = json::parse(read_file(folder / "with" / "summary.json")).at("trainings");
    const auto same = json::parse(read_file(folder / "without" / "summary.json")).at("trainings");
    for (std::size_t i = 0; i < 3; ++i)
        CHECK(trainings.at(i).at("parameters_sha256") == same.at(i).at("parameters_sha256"));
    CHECK(trainings.at(0).at("refused_updates") == json{{"wrong_code", 2}});
    CHECK(trainings.at(1).at("refused_updates") == json{{"wrong_code", 3}});
    CHECK(trainings.at(2).at("refused_updates") == json{{"wrong_code", 4}, {"not_finite", 1}, {"wrong_shape", 1}});
    CHECK(trainings.at(2).at("missing_updates") == 6);
    for (const std::string file : {"rounds.jsonl", "ledger.jsonl"})
        CHECK(completed_lines(read_file(folder / "with" / file)) ==
              completed_lines(read_file(folder / "without" / file)));
    std::vector<std::string> texts;
    for (const auto& event : lines_of(folder / "with" / "events.jsonl"))
        if (event.at("event") == "update_refused") {
            CHECK(event.at("node") == node);
            texts.push_back(event.at("text"));
        }
    REQUIRE(texts.size() == 11);
    CHECK(texts[0] == "it is compressed, and this training's updates are not");
    CHECK_THAT(texts[2], Catch::Contains("an update by top-k: has an index that is out of range"));
    CHECK_THAT(texts[3], Catch::Contains("has 25850 bytes; it must be at most 1294"));
    CHECK(texts[4] == "it is not compressed, and this training's updates are");
    CHECK_THAT(texts[5], Catch::Contains("an update by int8: "));
    CHECK_THAT(texts[6], Catch::Contains("has 25450 bytes; it must be 25850 for 25450 parameters"));
    CHECK_THAT(outcome.err, Catch::Contains("the update of node 4 is refused: an encoded update of 25851 bytes where "
                                            "none is longer than 25850"));
    CHECK_THAT(run("fedgram", {"table", folder / "with"}).out, Catch::Contains("4 wrong_code"));
}

TEST_CASE("A compressed update to a run that has none is refused as one of a wrong size", "[integration]")
{
    const TemporaryFolder folder;
    const auto outcome =
        federate(folder, "plain", {"federated.max_rounds=2"},
                 [](RawClient& raw, const wire::TrainNode& task) { raw.send(right_update(task), int8_update()); });
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(training_of(folder / "plain").at("refused_updates") == json{{"wrong_shape", 1}});
    CHECK_THAT(outcome.err,
               Catch::Contains("the update of node 4 is refused: an encoded update, and no training has any"));
}

TEST_CASE("Bad updates are refused and counted, and the model is the one without them", "[integration]")
{
    const TemporaryFolder folder;
    const auto without = federate(folder, "without", {}, fail);
    INFO(without.err);
    REQUIRE(without.exit_code == 0);
    CHECK(training_of(folder / "without").at("refused_updates") == json::object());

    const auto outcome = federate(folder, "with", {}, misbehave);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto training = training_of(folder / "with");
    CHECK(training.at("rounds") == 11);
    CHECK(training.at("parameters_sha256") == training_of(folder / "without").at("parameters_sha256"));
    for (const std::string file : {"rounds.jsonl", "ledger.jsonl"})
        CHECK(completed_lines(read_file(folder / "with" / file)) ==
              completed_lines(read_file(folder / "without" / file)));
    CHECK(training.at("refused_updates") == json{{"not_finite", 5},
                                                 {"wrong_round", 1},
                                                 {"wrong_counts", 1},
                                                 {"norm_too_large", 1},
                                                 {"not_hosted", 1},
                                                 {"repeated", 1},
                                                 {"wrong_shape", 1}});
    CHECK_THAT(outcome.err, Catch::Contains("the update of node 4 is refused: parameter 7 is nan"));
    CHECK_THAT(read_file(folder / "with" / "events.jsonl"), Catch::Contains("\"reason\":\"norm_too_large\""));
    CHECK_THAT(run("fedgram", {"table", folder / "with"}).out,
               Catch::Contains("Updates refused, in no model: fed ") && Catch::Contains("5 not_finite"));
}

TEST_CASE("An update that comes after its round costs its node no other", "[integration]")
{
    const TemporaryFolder folder;
    std::optional<wire::TrainNode> late;
    const auto outcome = federate(folder, "late", {"federated.max_rounds=3", "federated.round_deadline_s=3"},
                                  [&](RawClient& raw, const wire::TrainNode& task) {
                                      if (!std::exchange(late, task)) return;  // the first round ends without it
                                      if (task.round() == 2) {
                                          auto update = right_update(task);
                                          update.set_round(1);
                                          raw.send(MessageType::client_update, update, raw.global());
                                      }
                                      raw.send(MessageType::client_update, right_update(task), raw.global());
                                  });
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    CHECK(training_of(folder / "late").at("refused_updates") == json{{"wrong_round", 1}});
    const auto rounds = lines_of(folder / "late" / "rounds.jsonl");
    REQUIRE(rounds.size() == 3);
    CHECK(rounds[0].at("participants") == 4);
    CHECK(rounds[1].at("participants") == 5);
    CHECK(rounds[2].at("participants") == 5);
}

TEST_CASE("What a round cost that was stopped in its middle is in the ledger, and once", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "given.json", bad_spec);
    REQUIRE(run("fedgram", {"resolve", folder / "given.json", "--out", folder / "spec.json"}).exit_code == 0);
    std::optional<Process> coordinator{
        std::in_place, "fedgram-coordinator",
        std::vector<std::string>{"--spec", folder / "spec.json", "--out", folder / "run"}};
    const auto address = coordinator->read_line().substr(std::string{"listening "}.size());
    Process others{"fedgram-client", {"--connect", address, "--nodes", "0-3"}};
    RawClient raw{address, node, parameters, data_sha256()};
    REQUIRE(raw.next_task());  // which stays unanswered
    for (int tries = 0; tries < 600 && lines_of(folder / "run" / "host.jsonl").size() < 4; ++tries) ::usleep(100'000);
    coordinator->send(SIGTERM);
    CHECK(coordinator->wait().exit_code == 128 + SIGTERM);

    const auto wasted = [&](const char* phase) {
        std::vector<std::uint32_t> nodes;
        for (const auto& line : lines_of(folder / "run" / "ledger.jsonl"))
            if (line.at("phase") == phase && line.at("wasted") == true) nodes.push_back(line.at("node"));
        std::ranges::sort(nodes);
        return nodes;
    };
    // Four had delivered, the fifth was in training.
    const std::vector<std::uint32_t> trained{0, 1, 2, 3, 4};
    const std::vector<std::uint32_t> delivered{0, 1, 2, 3};
    CHECK(wasted("train") == trained);
    CHECK(wasted("upload") == delivered);
    CHECK(training_of(folder / "run").at("wasted_lines") == lines_of(folder / "run" / "ledger.jsonl").size());

    coordinator.emplace("fedgram-coordinator", std::vector<std::string>{"--resume", folder / "run"});
    static_cast<void>(coordinator->read_line());
    CHECK(wasted("train") == trained);
    CHECK(wasted("upload") == delivered);
}

TEST_CASE("An update that is sent twice counts once", "[integration]")
{
    const TemporaryFolder folder;
    const std::vector<std::string> sets{"federated.max_rounds=3", "federated.aggregation=median"};
    const auto deliver = [](int times) {
        return [times](RawClient& raw, const wire::TrainNode& task) {
            auto payload = raw.global();
            for (auto& value : payload) value += 0.01f;
            for (int time = 0; time < times; ++time) raw.send(MessageType::client_update, right_update(task), payload);
        };
    };
    REQUIRE(federate(folder, "once", sets, deliver(1)).exit_code == 0);
    const auto twice = federate(folder, "twice", sets, deliver(2));
    INFO(twice.err);
    REQUIRE(twice.exit_code == 0);
    const auto training = training_of(folder / "twice");
    CHECK(training.at("parameters_sha256") == training_of(folder / "once").at("parameters_sha256"));
    // The one after the last round may never be looked at.
    CHECK(training.at("refused_updates").at("repeated") >= 2);
    CHECK(training.at("refused_updates").size() == 1);
    CHECK(completed_lines(read_file(folder / "twice" / "ledger.jsonl")) ==
          completed_lines(read_file(folder / "once" / "ledger.jsonl")));
}
