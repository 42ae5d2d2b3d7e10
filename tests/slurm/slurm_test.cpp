#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>

#include "tests/slurm/private_cluster.hpp"
#include "tests/support/completed_lines.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

/// One for all tests; nothing where none can be made.
PrivateCluster* cluster()
{
    static const auto why = no_cluster_here();
    static bool said = false;
    if (why && !said) std::cerr << "skipped, since no Slurm cluster can be made here: " << *why << "\n";
    said = true;
    if (why) return nullptr;
    // One that doesn't come up is not tried again by each test.
    static std::optional<PrivateCluster> one;
    static bool tried = false;
    if (!one && tried) throw std::runtime_error{"the cluster didn't come up"};
    tried = true;
    if (!one) one.emplace(PrivateCluster::Size{.nodes = 3, .cpus = 4, .array_size = 4});
    return &*one;
}

constexpr const char* spec = R"({
  "name": "tiny", "seed": 3,
  "data": {"dataset": "fashion-mnist", "train_samples": 600},
  "model": "mlp-32",
  "federated": {"nodes": 4, "learning_rate": 0.05, "max_rounds": 3},
  "trainings": [{"label": "iid", "kind": "federated"}]
})";

/// A sweep in a folder of its own, once here and once on Slurm.
struct SweepCase {
    TemporaryFolder folder;

    explicit SweepCase(const std::string& seeds, const std::string& rounds)
    {
        write_file(folder / "tiny.json", spec);
        write_file(folder / "sweep.json", "{\"spec\": \"tiny.json\", \"set\": {\"federated.max_rounds\": [" + rounds +
                                              "]}, \"seeds\": [" + seeds + "]}");
    }

    [[nodiscard]] std::vector<std::string> arguments(const std::vector<std::string>& more) const
    {
        std::vector<std::string> all{"sweep", (folder / "sweep.json").string(), "--out", out().string(), "--no-store"};
        all.insert(all.end(), more.begin(), more.end());
        return all;
    }
    [[nodiscard]] std::filesystem::path out() const { return folder / "out"; }
    [[nodiscard]] std::filesystem::path run_folder(const std::string& name) const { return out() / "runs" / name; }

    /// `fedgram sweep` where the cluster's controller is.
    [[nodiscard]] std::unique_ptr<Process> start(std::vector<std::string> more = {}) const
    {
        more.insert(more.begin(), {"--on", "slurm"});
        auto words = cluster()->place();
        words.push_back(program("fedgram"));
        const auto own = arguments(more);
        words.insert(words.end(), own.begin(), own.end());
        return std::make_unique<Process>(words.front(), std::vector<std::string>{words.begin() + 1, words.end()},
                                         cluster()->environment());
    }
    [[nodiscard]] Outcome on_slurm(const std::vector<std::string>& more = {}) const { return start(more)->wait(); }

    /// The same once more, which has found what an earlier call has left by the time this returns. What it says goes
    /// into a file of the folder.
    [[nodiscard]] std::unique_ptr<Process> follow(const std::string& file) const
    {
        auto words = cluster()->place();
        words.insert(words.end(),
                     {"/bin/sh", "-c", "exec \"$@\" 2>" + (folder / file).string(), "sh", program("fedgram")});
        const auto own = arguments({"--on", "slurm"});
        words.insert(words.end(), own.begin(), own.end());
        auto process = std::make_unique<Process>(
            words.front(), std::vector<std::string>{words.begin() + 1, words.end()}, cluster()->environment());
        for (int tries = 0; tries < 6000 && said(file).find("from an earlier call") == std::string::npos; ++tries)
            ::usleep(10'000);
        return process;
    }
    [[nodiscard]] std::string said(const std::string& file) const
    {
        return std::filesystem::exists(folder / file) ? read_file(folder / file) : "";
    }

    /// Every run has the bytes of one that nothing disturbs, on this machine.
    void check_same_bytes_as_here() const
    {
        const auto here = run("fedgram", {"sweep", folder / "sweep.json", "--out", folder / "here", "--no-store"});
        REQUIRE(here.exit_code == 0);
        CHECK(read_file(out() / "sweep.csv") == read_file(folder / "here" / "sweep.csv"));
        for (const auto& entry : std::filesystem::directory_iterator{folder / "here" / "runs"}) {
            const auto own = run_folder(entry.path().filename().string());
            INFO(own.string());
            for (const std::string file : {"table.json", "rounds.jsonl", "spec.json"})
                CHECK(read_file(own / file) == read_file(entry.path() / file));
            CHECK(completed_lines(read_file(own / "ledger.jsonl")) == read_file(entry.path() / "ledger.jsonl"));
        }
    }

    [[nodiscard]] std::size_t rounds_of(const std::string& name) const
    {
        const auto path = run_folder(name) / "rounds.jsonl";
        const auto text = std::filesystem::exists(path) ? read_file(path) : "";
        return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
    }
    [[nodiscard]] std::size_t events(const std::string& name, const std::string& kind) const
    {
        const auto text = read_file(run_folder(name) / "events.jsonl");
        const auto wanted = "\"event\":\"" + kind + "\"";
        std::size_t count = 0;
        for (auto at = text.find(wanted); at != std::string::npos; at = text.find(wanted, at + 1)) ++count;
        return count;
    }
    [[nodiscard]] json arrays() const { return json::parse(read_file(out() / "slurm" / "arrays.json")).at("arrays"); }
};

bool comes_true(const std::function<bool()>& condition)
{
    for (int tries = 0; tries < 6000; ++tries) {
        if (condition()) return true;
        ::usleep(10'000);
    }
    return false;
}

std::string state_of(const std::string& job)
{
    const auto text = cluster()->call({"/usr/bin/squeue", "--noheader", "--array", "--format=%T", "--jobs=" + job}).out;
    return text.substr(0, text.find('\n'));
}

/// Where a job is at work.
std::string node_of(const std::string& job)
{
    const auto text = cluster()->call({"/usr/bin/squeue", "--noheader", "--array", "--format=%N", "--jobs=" + job}).out;
    return text.substr(0, text.find('\n'));
}

const std::string long_run = "max_rounds-400_seed-1";

}  // namespace

TEST_CASE("A sweep on Slurm has the bytes of one here, and a task that fails stops no other")
{
    if (!cluster()) return;
    const SweepCase sweep{"1, 2, 3", "2, 3"};
    // A folder can't be made in the place of a file.
    std::filesystem::create_directories(sweep.out() / "runs");
    write_file(sweep.run_folder("max_rounds-3_seed-2"), "");
    const auto failed = sweep.on_slurm({"--jobs", "2"});
    INFO(failed.err);
    CHECK(failed.exit_code == 1);
    CHECK_THAT(failed.err, Catch::Contains("max_rounds-3_seed-2 failed: exit code 5 on sim"));
    CHECK_THAT(failed.err, Catch::Contains("is no folder; choose another --out"));
    CHECK_THAT(failed.err, Catch::Contains("1 of 6 runs are lacking"));
    // The cluster's arrays hold four tasks.
    CHECK(sweep.arrays().size() == 2);

    std::filesystem::remove(sweep.run_folder("max_rounds-3_seed-2"));
    const auto again = sweep.on_slurm();
    INFO(again.err);
    CHECK(again.exit_code == 0);
    CHECK(sweep.arrays().size() == 3);
    CHECK(json::parse(read_file(sweep.out() / "slurm" / "array-3" / "ends" / "0")).at("exit_code") == 0);
    sweep.check_same_bytes_as_here();
}

TEST_CASE("A task that is put back into the queue waits for its old self, which goes on")
{
    if (!cluster()) return;
    const SweepCase sweep{"1", "400"};
    const auto submitter = sweep.start();
    REQUIRE(comes_true([&] { return sweep.rounds_of(long_run) > 2; }));
    const auto id = sweep.arrays().at(0).at("job").get<std::string>();
    const auto node = node_of(id);
    // Slurm takes the node for lost; what runs there isn't told.
    const int number = node.back() - '0';
    cluster()->hide_node(number);
    cluster()->answer({"/usr/bin/scontrol", "update", "nodename=" + node, "state=down", "reason=test"});
    const auto log = sweep.out() / "logs" / (long_run + ".log");
    CHECK(comes_true([&] { return read_file(log).find("another run is at work in") != std::string::npos; }));
    CHECK(node_of(id) != node);
    cluster()->wake_node(number);
    const auto outcome = submitter->wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(sweep.events(long_run, "started") == 1);
    CHECK(sweep.events(long_run, "resumed") == 0);
    CHECK(sweep.events(long_run, "finished") == 1);
    sweep.check_same_bytes_as_here();
    cluster()->start_node(number);
    cluster()->call({"/usr/bin/scontrol", "update", "nodename=" + node, "state=resume"});
}

TEST_CASE("A run on Slurm goes on from its checkpoint when its node is lost")
{
    if (!cluster()) return;
    const SweepCase sweep{"1", "400"};
    const auto submitter = sweep.start();
    REQUIRE(comes_true([&] { return sweep.rounds_of(long_run) > 20; }));
    const auto id = sweep.arrays().at(0).at("job").get<std::string>();
    const auto node = node_of(id);
    cluster()->kill_node(node.back() - '0');
    cluster()->answer({"/usr/bin/scontrol", "update", "nodename=" + node, "state=down", "reason=test"});
    const auto outcome = submitter->wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(json::parse(read_file(sweep.out() / "slurm" / "array-1" / "ends" / "0")).at("restarts") == 1);
    cluster()->start_node(node.back() - '0');
    CHECK(sweep.events(long_run, "resumed") == 1);
    sweep.check_same_bytes_as_here();
    cluster()->call({"/usr/bin/scontrol", "update", "nodename=" + node, "state=resume"});
}

TEST_CASE("A task of Slurm's that goes without a word is submitted again")
{
    if (!cluster()) return;
    const SweepCase sweep{"1", "400"};
    const auto submitter = sweep.start();
    REQUIRE(comes_true([&] { return sweep.rounds_of(long_run) > 20; }));
    const auto id = sweep.arrays().at(0).at("job").get<std::string>();
    cluster()->kill_tasks(node_of(id).back() - '0');
    const auto outcome = submitter->wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Catch::Contains(long_run + " was lost as job " + id + "_0, and is submitted again"));
    CHECK(sweep.arrays().size() == 2);
    CHECK(sweep.events(long_run, "resumed") == 1);
    sweep.check_same_bytes_as_here();
}

TEST_CASE("A run on Slurm that is preempted ends in a checkpoint, and goes on from there")
{
    if (!cluster()) return;
    const SweepCase sweep{"1", "400"};
    const auto submitter = sweep.start({"--sbatch=--partition=low"});
    REQUIRE(comes_true([&] { return sweep.rounds_of(long_run) > 2; }));
    cluster()->answer({"/usr/bin/sbatch", "--parsable", "--exclusive", "--nodes=3", "--partition=main",
                       "--output=/dev/null", "--wrap=sleep 3"});
    const auto outcome = submitter->wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(sweep.events(long_run, "interrupted") == 1);
    CHECK(sweep.events(long_run, "resumed") == 1);
    CHECK(sweep.arrays().size() == 1);
    CHECK(json::parse(read_file(sweep.out() / "slurm" / "array-1" / "ends" / "0")).at("restarts") == 1);
    sweep.check_same_bytes_as_here();
}

TEST_CASE("A sweep on Slurm goes on without the command that submitted it, and a second one finds it")
{
    if (!cluster()) return;
    const SweepCase sweep{"1", "1200"};
    const std::string name = "max_rounds-1200_seed-1";
    auto submitter = sweep.start();
    REQUIRE(comes_true([&] { return sweep.rounds_of(name) > 2; }));
    submitter->send(SIGKILL);
    static_cast<void>(submitter->wait());
    const auto id = sweep.arrays().at(0).at("job").get<std::string>();
    CHECK(state_of(id) == "RUNNING");

    // Ctrl-C ends the command alone, which says how to end the rest.
    submitter = sweep.follow("stopped");
    submitter->send(SIGINT);
    CHECK(submitter->wait().exit_code == 130);
    CHECK_THAT(sweep.said("stopped"), Catch::Contains("`scancel " + id + "` ends them"));
    CHECK(state_of(id) == "RUNNING");

    // Somebody ends the task, who doesn't want to see it at once again.
    submitter = sweep.follow("cancelled");
    cluster()->answer({"/usr/bin/scancel", id});
    CHECK(submitter->wait().exit_code == 1);
    CHECK_THAT(sweep.said("cancelled"), Catch::Contains("was cancelled; the same command goes on with it"));
    CHECK(sweep.events(name, "interrupted") == 1);
    CHECK(sweep.arrays().size() == 1);

    const auto whole = sweep.on_slurm();
    INFO(whole.err);
    CHECK(whole.exit_code == 0);
    CHECK(sweep.events(name, "resumed") == 1);
    sweep.check_same_bytes_as_here();
}

TEST_CASE("What keeps a sweep from Slurm is told in one line, and nothing is written")
{
    if (!cluster()) return;
    const SweepCase sweep{"1", "2"};
    const auto partition = sweep.on_slurm({"--sbatch=--partition=nowhere"});
    CHECK(partition.exit_code == 2);
    CHECK(partition.err ==
          "fedgram: --on slurm: Slurm takes no such job: Invalid partition name specified; `sinfo` shows its "
          "partitions, --sbatch hands options on to it\n");

    // From a network without a controller, and with a $PATH without Slurm.
    const auto unreached = run("fedgram", sweep.arguments({"--on", "slurm"}), cluster()->environment());
    CHECK(unreached.exit_code == 5);
    CHECK_THAT(unreached.err, Catch::StartsWith("fedgram: --on slurm: Slurm's controller doesn't answer: "));
    CHECK(std::count(unreached.err.begin(), unreached.err.end(), '\n') == 1);
    const auto missing = run("/usr/bin/env", {"PATH=/nowhere", program("fedgram"), "sweep", sweep.folder / "sweep.json",
                                              "--out", sweep.out(), "--on", "slurm"});
    CHECK(missing.exit_code == 5);
    CHECK(missing.err ==
          "fedgram: --on slurm: there is no sbatch here; call fedgram on a machine with Slurm's commands "
          "(Debian's slurm-client)\n");
    const auto here = run("fedgram", sweep.arguments({"--cpus", "3"}));
    CHECK(here.exit_code == 2);
    CHECK(here.err == "fedgram: --cpus, --time and --sbatch are for --on slurm; add it, or leave them out\n");
    CHECK_FALSE(std::filesystem::exists(sweep.out()));
}

namespace {

/// One run on the nodes of the cluster.
struct StepsCase {
    TemporaryFolder folder;

    StepsCase() { write_file(folder / "tiny.json", spec); }

    [[nodiscard]] std::filesystem::path out() const { return folder / "out"; }
    [[nodiscard]] std::unique_ptr<Process> start(const std::vector<std::string>& more) const
    {
        auto words = cluster()->place();
        words.insert(words.end(), {program("fedgram"), "run"});
        words.insert(words.end(), more.begin(), more.end());
        words.insert(words.end(), {"--on", "slurm", "--clients", "3", "--sbatch=--nodes=3"});
        return std::make_unique<Process>(words.front(), std::vector<std::string>{words.begin() + 1, words.end()},
                                         cluster()->environment());
    }
    void check_same_bytes_as_here(const std::string& rounds) const
    {
        REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "here", "--set", rounds}).exit_code ==
                0);
        for (const std::string file : {"table.json", "rounds.jsonl", "spec.json"})
            CHECK(read_file(out() / file) == read_file(folder / "here" / file));
        CHECK(completed_lines(read_file(out() / "ledger.jsonl")) == read_file(folder / "here" / "ledger.jsonl"));
    }
};

std::set<std::string> nodes_at_work()
{
    std::istringstream lines{cluster()->call({"/usr/bin/squeue", "--steps", "--noheader", "--format=%N"}).out};
    std::set<std::string> nodes;
    for (std::string line; std::getline(lines, line);) nodes.insert(line);
    return nodes;
}

std::filesystem::perms rights(const std::filesystem::path& path) { return std::filesystem::status(path).permissions(); }

}  // namespace

TEST_CASE("A run on several of Slurm's nodes is encrypted, is taken up, and has the bytes of one here")
{
    if (!cluster()) return;
    using std::filesystem::perms;
    const StepsCase steps;
    const std::string rounds = "federated.max_rounds=400";
    auto launcher =
        steps.start({(steps.folder / "tiny.json").string(), "--out", steps.out().string(), "--set", rounds});
    const auto rounds_file = steps.out() / "rounds.jsonl";
    REQUIRE(comes_true(
        [&] { return std::filesystem::exists(rounds_file) && std::filesystem::file_size(rounds_file) > 0; }));
    CHECK(nodes_at_work() == std::set<std::string>{"sim1", "sim2", "sim3"});
    const auto join = steps.out() / "join";
    CHECK(rights(join) == perms::owner_all);
    for (const std::string name : {"coordinator.key", "authority.key", "nodes-0.key"})
        CHECK(rights(join / name) == (perms::owner_read | perms::owner_write));
    CHECK_THAT(read_file(join / "address"), Catch::StartsWith("10.77.0.2:"));

    // A coordinator listens beyond its machine by TLS alone, unless it is told otherwise.
    launcher->send(SIGTERM);
    const auto stopped = launcher->wait();
    INFO(stopped.err);
    CHECK(stopped.exit_code == 143);
    CHECK_FALSE(std::filesystem::exists(join));
    const auto whole = steps.start({"--resume", steps.out().string()})->wait();
    INFO(whole.err);
    CHECK(whole.exit_code == 0);
    CHECK_FALSE(std::filesystem::exists(join));
    steps.check_same_bytes_as_here(rounds);
}

TEST_CASE("A run on a private network of Slurm's nodes does with a secret in a file of its owner's")
{
    if (!cluster()) return;
    const StepsCase steps;
    const auto outcome = steps
                             .start({(steps.folder / "tiny.json").string(), "--out", steps.out().string(),
                                     "--private-network", "--nodes-per-client", "2"})
                             ->wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    steps.check_same_bytes_as_here("federated.max_rounds=3");
}

TEST_CASE("What keeps a run from Slurm is told in one line, and nothing is written")
{
    if (!cluster()) return;
    const StepsCase steps;
    const auto refused = [&](const std::vector<std::string>& more, const std::vector<std::string>& environment) {
        std::vector<std::string> arguments{"run", steps.folder / "tiny.json", "--out", steps.out()};
        arguments.insert(arguments.end(), more.begin(), more.end());
        const auto outcome = run("fedgram", arguments, environment);
        CHECK(outcome.exit_code == 2);
        return outcome.err;
    };
    CHECK(
        refused({"--clients", "2"}, {}) ==
        "fedgram: --clients, --nodes-per-client and --private-network are for --on slurm; add it, or leave them out\n");
    CHECK(refused({"--on", "slurm"}, {}) == "fedgram: --on slurm: give --clients or --nodes-per-client\n");
    CHECK(refused({"--on", "slurm", "--clients", "5"}, {}) ==
          "fedgram: --clients: 5 is not valid; use 1 to 4, the number of nodes\n");
    CHECK(refused({"--on", "slurm", "--clients", "1", "--nodes-per-client", "3"}, {}) ==
          "fedgram: --clients: 1 clients of 3 nodes don't host 4; use at least 2\n");
    CHECK(refused({"--on", "slurm", "--clients", "4"},
                  {"SLURM_JOB_ID=7", "SLURM_JOB_NODELIST=sim1", "SLURM_JOB_CPUS_PER_NODE=2(x2)"}) ==
          "fedgram: --on slurm: job 7 has 4 CPUs, and a coordinator with 4 clients takes 5; use fewer clients, or a "
          "larger job\n");
    CHECK_FALSE(std::filesystem::exists(steps.out()));
}
