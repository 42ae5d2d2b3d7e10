#include <signal.h>
#include <unistd.h>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

/// Polls for a file of the run, for at most a minute.
json wait_for_processes(const std::filesystem::path& run)
{
    for (int tries = 0; tries < 600; ++tries) {
        if (std::filesystem::exists(run / "processes.json"))
            return json::parse(read_file(run / "processes.json"));
        ::usleep(100'000);
    }
    throw std::runtime_error{"the run has not started within a minute"};
}

}  // namespace

TEST_CASE("A round goes on without a client that is killed, if its quorum holds", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", {"run", folder / "tiny.json", "--out", folder / "run", "--client-processes", "5",
                                "--set", "trainings.iid.max_rounds=20"}};
    const auto victim = wait_for_processes(folder / "run").at("clients").at(0).at("pid").get<pid_t>();
    REQUIRE(::kill(victim, SIGKILL) == 0);
    const auto outcome = process.wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(read_file(folder / "run" / "events.jsonl").find("client_lost") != std::string::npos);
    CHECK(json::parse(read_file(folder / "run" / "summary.json")).at("trainings").size() == 3);
}

TEST_CASE("A run whose quorum is gone says so and keeps what it has", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", {"run", folder / "tiny.json", "--out", folder / "run", "--client-processes", "1",
                                "--set", "federated.max_rounds=100000"}};
    const auto victim = wait_for_processes(folder / "run").at("clients").at(0).at("pid").get<pid_t>();
    REQUIRE(::kill(victim, SIGKILL) == 0);
    const auto outcome = process.wait();
    CHECK(outcome.exit_code == 5);
    CHECK(outcome.err.find("quorum") != std::string::npos);
}

TEST_CASE("A stranger's garbage ends its own connection alone", "[integration]")
{
    TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram", {"run", folder / "tiny.json", "--out", folder / "run"}};
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
