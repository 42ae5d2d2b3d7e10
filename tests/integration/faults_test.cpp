#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>
#include <cerrno>
#include <functional>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/completed_lines.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

#ifdef FEDGRAM_TORCH
const std::vector<std::string> engines{"native", "torch"};
#else
const std::vector<std::string> engines{"native"};
#endif

/// True within `seconds`, asked ten times a second.
bool comes_true(int seconds, const std::function<bool()>& condition)
{
    for (int tries = 0; tries < 10 * seconds; ++tries) {
        if (condition()) return true;
        ::usleep(100'000);
    }
    return condition();
}

json wait_for_processes(const std::filesystem::path& run)
{
    if (!comes_true(60, [&] { return std::filesystem::exists(run / "processes.json"); }))
        throw std::runtime_error{"the run has not started within a minute"};
    return json::parse(read_file(run / "processes.json"));
}

std::size_t rounds_of(const std::filesystem::path& run)
{
    const auto text = std::filesystem::exists(run / "rounds.jsonl") ? read_file(run / "rounds.jsonl") : "";
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

bool alive(pid_t process) { return ::kill(process, 0) == 0 || errno != ESRCH; }

/// Also those that have ended and that nobody has waited for.
std::vector<pid_t> children_of(pid_t process)
{
    const auto id = std::to_string(process);
    std::istringstream list{read_file("/proc/" + id + "/task/" + id + "/children")};
    return {std::istream_iterator<pid_t>{list}, {}};
}

#ifdef FEDGRAM_TORCH
bool is_child_of(pid_t process, pid_t parent)
{
    const auto children = children_of(parent);
    return std::find(children.begin(), children.end(), process) != children.end();
}

/// The process that forks a launcher's clients: the oldest with its command line, which the clients have from it.
std::optional<pid_t> fork_server_of(const Process& launcher)
{
    for (const auto child : children_of(launcher.pid()))
        if (read_file("/proc/" + std::to_string(child) + "/cmdline").find("fork-server") != std::string::npos)
            return child;
    return std::nullopt;
}
#endif

std::vector<std::string> run_arguments(const std::filesystem::path& spec, const std::filesystem::path& out,
                                       const std::string& clients, const std::string& engine = "native")
{
    return {"run",
            spec,
            "--out",
            out,
            "--client-processes",
            clients,
            "--checkpoint-interval",
            "0",
            "--set",
            "federated.max_rounds=30",
            "--set",
            "engine=" + engine};
}

/// The folder of the undisturbed run of an engine, which the others must equal.
std::filesystem::path undisturbed(const std::string& engine)
{
    static const TemporaryFolder folder;
    const auto out = folder / engine;
    if (!std::filesystem::exists(out)) {
        write_file(folder / "tiny.json", tiny_spec);
        const auto outcome = run("fedgram", run_arguments(folder / "tiny.json", out, "1", engine));
        if (outcome.exit_code != 0) throw std::runtime_error{outcome.err};
    }
    return out;
}

void check_equals_undisturbed(const std::filesystem::path& run, const std::string& engine = "native")
{
    const auto expected = undisturbed(engine);
    for (const std::string file : {"table.json", "rounds.jsonl"})
        CHECK(read_file(run / file) == read_file(expected / file));
    CHECK(completed_lines(read_file(run / "ledger.jsonl")) == read_file(expected / "ledger.jsonl"));
    const auto hashes = [](const std::filesystem::path& folder) {
        std::vector<std::string> result;
        const auto summary = json::parse(read_file(folder / "summary.json"));
        for (const auto& training : summary.at("trainings")) result.push_back(training.at("parameters_sha256"));
        return result;
    };
    CHECK(hashes(run) == hashes(expected));
}

}  // namespace

TEST_CASE("A client that is killed is started anew, and the run ends as if nothing had happened", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", run_arguments(folder / "tiny.json", folder / "run", "3")};
    const auto victim = wait_for_processes(folder / "run").at("clients").at(0).at("pid").get<pid_t>();
    REQUIRE(comes_true(60, [&] { return rounds_of(folder / "run") >= 5; }));
    REQUIRE(::kill(victim, SIGKILL) == 0);
    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.find("a new client process") != std::string::npos);
    CHECK(read_file(folder / "run" / "events.jsonl").find("client_lost") != std::string::npos);
    check_equals_undisturbed(folder / "run");
}

TEST_CASE("A client that is killed when it has delivered holds up the next round until it is back", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", run_arguments(folder / "tiny.json", folder / "run", "3")};
    const auto clients = wait_for_processes(folder / "run").at("clients");
    const auto victim = clients.at(0).at("pid").get<pid_t>();
    const auto slow = clients.at(1).at("pid").get<pid_t>();
    REQUIRE(comes_true(60, [&] { return rounds_of(folder / "run") >= 5; }));
    REQUIRE(::kill(slow, SIGSTOP) == 0);
    ::usleep(300'000);  // the others deliver, and wait
    REQUIRE(::kill(victim, SIGKILL) == 0);
    ::usleep(50'000);  // the coordinator hears of it; a new client is a longer way off
    REQUIRE(::kill(slow, SIGCONT) == 0);
    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    check_equals_undisturbed(folder / "run");
}

#ifdef FEDGRAM_TORCH
TEST_CASE("Several clients of the LibTorch engine are forked by one process, and are the launcher's children",
          "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", run_arguments(folder / "tiny.json", folder / "run", "3", "torch")};
    const auto processes = wait_for_processes(folder / "run");
    const auto server = fork_server_of(process);
    REQUIRE(server);
    CHECK(children_of(process.pid()).size() == 5);  // with the coordinator and three clients
    for (const auto& client : processes.at("clients")) CHECK(is_child_of(client.at("pid"), process.pid()));
    CHECK(children_of(*server).empty());  // nor a zombie
    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK_FALSE(alive(*server));
    check_equals_undisturbed(folder / "run", "torch");
}

TEST_CASE("The clients outlive the process that has forked them, and a lost one is started anew without it",
          "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", run_arguments(folder / "tiny.json", folder / "run", "3", "torch")};
    const auto victim = wait_for_processes(folder / "run").at("clients").at(0).at("pid").get<pid_t>();
    REQUIRE(::kill(fork_server_of(process).value(), SIGKILL) == 0);
    REQUIRE(comes_true(60, [&] { return rounds_of(folder / "run") >= 5; }));
    CHECK(children_of(process.pid()).size() == 4);
    REQUIRE(::kill(victim, SIGKILL) == 0);
    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.find("each client now loads its own engine") != std::string::npos);
    CHECK(outcome.err.find("a new client process") != std::string::npos);
    check_equals_undisturbed(folder / "run", "torch");
}
#endif

TEST_CASE("A run whose coordinator is killed goes on from its checkpoint, to the same bytes", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    // In the centralized training, and in each of the federated ones.
    Process first{"fedgram", run_arguments(folder / "tiny.json", folder / "run", "2")};
    for (const std::size_t rounds : {1, 20, 45}) {
        std::optional<Process> resumed;
        if (rounds > 1)
            resumed.emplace("fedgram",
                            std::vector<std::string>{"run", "--resume", folder / "run", "--checkpoint-interval", "0"});
        REQUIRE(comes_true(60, [&] { return rounds_of(folder / "run") >= rounds; }));
        // Each start makes a processes.json of its own.
        const auto coordinator = wait_for_processes(folder / "run").at("coordinator").at("pid").get<pid_t>();
        REQUIRE(::kill(coordinator, SIGKILL) == 0);
        const auto outcome = (resumed ? *resumed : first).wait();
        CHECK(outcome.exit_code == 5);
        CHECK(outcome.err.find("--resume") != std::string::npos);
    }
    const auto last = run("fedgram", {"run", "--resume", folder / "run"});
    INFO(last.err);
    CHECK(last.exit_code == 0);
    check_equals_undisturbed(folder / "run");
    CHECK_FALSE(std::filesystem::exists(folder / "run" / "checkpoint.bin"));

    const auto whole = run("fedgram", {"run", "--resume", folder / "run"});
    CHECK(whole.exit_code == 0);
    CHECK(whole.err.find("is over") != std::string::npos);
}

TEST_CASE("What a launcher has started ends within five seconds of its death, and the run can be taken up at once",
          "[integration]")
{
    const std::string engine = GENERATE(from_range(engines));
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", run_arguments(folder / "tiny.json", folder / "run", "2", engine)};
    static_cast<void>(wait_for_processes(folder / "run"));
    REQUIRE(comes_true(60, [&] { return rounds_of(folder / "run") >= 5; }));
    const auto children = children_of(process.pid());
    process.send(SIGKILL);
    const auto outcome = run("fedgram", {"run", "--resume", folder / "run"});
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    check_equals_undisturbed(folder / "run", engine);
    CHECK(children.size() == (engine == "torch" ? 4 : 3));  // the coordinator, two clients and what has forked them
    CHECK(comes_true(5, [&] { return std::none_of(children.begin(), children.end(), alive); }));
    CHECK(process.wait().exit_code == 128 + SIGKILL);
}

TEST_CASE("Clients started by hand find a coordinator again that has died and come back", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    const auto resolved = run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json", "--set",
                                          "federated.max_rounds=30"});
    REQUIRE(resolved.exit_code == 0);
    std::optional<Process> coordinator{std::in_place, "fedgram-coordinator",
                                       std::vector<std::string>{"--spec", folder / "spec.json", "--out", folder / "run",
                                                                "--checkpoint-interval", "0"}};
    const auto said = coordinator->read_line();
    const auto address = said.substr(said.find(' ') + 1);
    Process one{"fedgram-client", {"--connect", address, "--nodes", "0-1"}};
    Process other{"fedgram-client", {"--connect", address, "--nodes", "2-4"}};
    REQUIRE(comes_true(60, [&] { return rounds_of(folder / "run") >= 10; }));
    coordinator->send(SIGKILL);
    CHECK(coordinator->wait().exit_code == 128 + SIGKILL);
    coordinator.emplace("fedgram-coordinator",
                        std::vector<std::string>{"--resume", folder / "run", "--listen", address});
    const auto outcome = coordinator->wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(one.wait().exit_code == 0);
    CHECK(other.wait().exit_code == 0);
    REQUIRE(run("fedgram", {"run", "--resume", folder / "run"}).exit_code == 0);  // whole: makes the tables
    check_equals_undisturbed(folder / "run");
}

TEST_CASE("A round without its quorum says for whom it waits, and ends the run after its time", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram",
                {"resolve", folder / "tiny.json", "--out", folder / "spec.json", "--set", "federated.max_rounds=100000",
                 "--set", "federated.quorum_wait_s=1", "--set", "federated.rejoin_wait_s=0"})
                .exit_code == 0);
    Process coordinator{"fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run"}};
    const auto said = coordinator.read_line();
    const auto address = said.substr(said.find(' ') + 1);
    Process gone{"fedgram-client", {"--connect", address, "--nodes", "0-3"}};
    Process left{"fedgram-client", {"--connect", address, "--nodes", "4"}};
    REQUIRE(comes_true(60, [&] { return rounds_of(folder / "run") >= 5; }));
    gone.send(SIGKILL);
    const auto outcome = coordinator.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 5);
    // Some of its nodes may have delivered in the round in which it died.
    CHECK_THAT(outcome.err, Catch::Matches("[^]*waiting for a client that hosts [0-3][^]*"));
    CHECK_THAT(outcome.err, Catch::Matches("[^]*its quorum is 3 of 5; lost: [0-3][^]*"));
    CHECK(left.wait().exit_code == 4);
    static_cast<void>(gone.wait());
    CHECK(json::parse(read_file(folder / "run" / "summary.json")).at("trainings").size() == 1);
}

TEST_CASE("A stranger's garbage ends its own connection alone", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    // Rounds enough that the run is there still when the stranger comes.
    Process process{"fedgram",
                    {"run", folder / "tiny.json", "--out", folder / "run", "--set", "federated.max_rounds=200"}};
    const auto address = wait_for_processes(folder / "run").at("coordinator").at("address").get<std::string>();
    const auto port = static_cast<std::uint16_t>(std::stoul(address.substr(address.rfind(':') + 1)));

    asio::io_context context;
    asio::ip::tcp::socket socket{context};
    socket.connect({asio::ip::address_v4::loopback(), port});
    asio::write(socket, asio::buffer(std::string(100, '\xff')));
    // The coordinator's challenge is there before the end.
    std::string answer(4096, '\0');
    asio::error_code ended;
    const auto received = asio::read(socket, asio::buffer(answer), ended);
    CHECK(ended);
    CHECK(received < 100);

    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
}
