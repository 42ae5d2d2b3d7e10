#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>
#include <thread>

#include "experiments/certificates/certificate_authority.hpp"
#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

const std::string secret = "FEDGRAM_SECRET=" + std::string(64, '7');
const std::string other_secret = "FEDGRAM_SECRET=" + std::string(64, '8');

/// A coordinator that is started by hand, and waits for clients.
class HandStarted {
public:
    HandStarted(const TemporaryFolder& folder, std::vector<std::string> options,
                const std::vector<std::string>& environment, const std::string& limit = "unlimited")
        : process_{"/bin/sh",
                   with({"-c",
                         limit == "unlimited" ? "exec \"$0\" \"$@\"" : "ulimit -n " + limit + "; exec \"$0\" \"$@\"",
                         program("fedgram-coordinator"), "--spec", spec(folder), "--out", folder / "run"},
                        std::move(options)),
                   environment},
          address_{process_.read_line().substr(std::string{"listening "}.size())}
    {
    }

    [[nodiscard]] const std::string& address() const { return address_; }
    [[nodiscard]] asio::ip::tcp::endpoint endpoint() const
    {
        const auto port = static_cast<std::uint16_t>(std::stoul(address_.substr(address_.rfind(':') + 1)));
        return {asio::ip::address_v4::loopback(), port};
    }
    Process& process() { return process_; }

private:
    static std::string spec(const TemporaryFolder& folder)
    {
        write_file(folder / "tiny.json", tiny_spec);
        if (run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json"}).exit_code != 0)
            throw std::runtime_error{"the tiny specification can't be resolved"};
        return folder / "spec.json";
    }

    static std::vector<std::string> with(std::vector<std::string> arguments, std::vector<std::string> more)
    {
        arguments.insert(arguments.end(), more.begin(), more.end());
        return arguments;
    }

    Process process_;
    std::string address_;
};

/// Exit code 4, and one line on standard error that says why.
void check_refused(const Outcome& client, const std::string& why)
{
    CHECK(client.exit_code == 4);
    CHECK_THAT(client.err, Contains(why));
    CHECK(std::count(client.err.begin(), client.err.end(), '\n') == 1);
}

std::vector<std::string> hashes(const std::filesystem::path& run)
{
    std::vector<std::string> result;
    const auto summary = json::parse(read_file(run / "summary.json"));
    for (const auto& training : summary.at("trainings")) result.push_back(training.at("parameters_sha256"));
    return result;
}

/// What the same specification gives without anybody's disturbance.
std::vector<std::string> undisturbed_hashes(const TemporaryFolder& folder)
{
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"run", folder / "tiny.json", "--out", folder / "undisturbed"}).exit_code == 0);
    return hashes(folder / "undisturbed");
}

json strangers(const std::filesystem::path& run)
{
    const auto events = read_file(run / "events.jsonl");
    const auto last = events.rfind('\n', events.size() - 2);
    return json::parse(events.substr(last == std::string::npos ? 0 : last + 1)).at("strangers");
}

/// Peers that hold their connections open for as long as they may: most say nothing, every tenth sends random bytes,
/// and every tenth begins a frame, a byte at a time, for as long as this object lives.
class Crowd {
public:
    Crowd(const asio::ip::tcp::endpoint& place, int size)
    {
        std::minstd_rand random{1};
        for (int i = 0; i < size; ++i) {
            asio::ip::tcp::socket socket{context_};
            asio::error_code error;
            socket.connect(place, error);
            if (error) continue;
            std::string bytes(64, '\0');
            std::ranges::generate(bytes, [&] { return static_cast<char>(random()); });
            if (i % 10 == 1) asio::write(socket, asio::buffer(bytes), error);
            (i % 10 == 2 ? slow_ : idle_).push_back(std::move(socket));
        }
        dripping_ = std::jthread{[this](const std::stop_token& stopped) { drip(stopped); }};
    }

    [[nodiscard]] std::size_t size() const { return idle_.size() + slow_.size(); }

private:
    void drip(const std::stop_token& stopped)
    {
        // A hello of 4096 bytes, as far as its beginning tells.
        const std::string frame{"FDGM\x02\0\x01\0\0\x10\0\0\0\0\0\0\0\0\0\0", 20};
        for (std::size_t sent = 0; !stopped.stop_requested(); ++sent) {
            for (auto& socket : slow_) {
                asio::error_code ignored;
                socket.write_some(asio::buffer(&frame[sent % frame.size()], 1), ignored);
            }
            ::usleep(100'000);
        }
    }

    asio::io_context context_;
    std::vector<asio::ip::tcp::socket> idle_;
    std::vector<asio::ip::tcp::socket> slow_;
    std::jthread dripping_;  // last: it ends before the sockets do
};

}  // namespace

TEST_CASE("An uninvited client is refused and told so, and the run waits on for its own", "[integration]")
{
    const TemporaryFolder folder;
    HandStarted coordinator{folder, {}, {secret}};
    const std::vector<std::string> words{"--connect", coordinator.address(), "--nodes", "0-4"};
    check_refused(run("fedgram-client", words), "no proof that it knows this run's secret");
    check_refused(run("fedgram-client", words, {other_secret}), "does not know this run's secret");

    write_file(folder / "secret", std::string(64, '7'));
    std::filesystem::permissions(folder / "secret", std::filesystem::perms::owner_read);
    auto invited = words;
    invited.insert(invited.end(), {"--secret-file", folder / "secret"});
    const auto client = run("fedgram-client", invited);
    INFO(client.err);
    CHECK(client.exit_code == 0);
    const auto outcome = coordinator.process().wait();
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("a stranger at 127.0.0.1 was turned away"));
    CHECK_THAT(outcome.err, !Contains("any process of this machine can join"));
    CHECK(strangers(folder / "run") == json{{"uninvited", 2}});
    for (const auto& file : std::filesystem::recursive_directory_iterator{folder / "run"})
        CHECK_THAT(read_file(file.path()), !Contains(std::string(64, '7')));
}

TEST_CASE("A run that fedgram starts takes its own clients alone", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    Process process{"fedgram",
                    {"run", folder / "tiny.json", "--out", folder / "run", "--set", "federated.max_rounds=100000"}};
    const auto processes = folder / "run" / "processes.json";
    for (int tries = 0; tries < 600 && !std::filesystem::exists(processes); ++tries) ::usleep(100'000);
    const auto address = json::parse(read_file(processes)).at("coordinator").at("address").get<std::string>();
    check_refused(run("fedgram-client", {"--connect", address, "--nodes", "0"}), "secret");
    process.send(SIGINT);
    CHECK(process.wait().exit_code == 130);
}

TEST_CASE("A client with a secret does not obey a coordinator without it", "[integration]")
{
    const TemporaryFolder folder;
    HandStarted coordinator{folder, {}, {}};
    check_refused(run("fedgram-client", {"--connect", coordinator.address(), "--nodes", "0-4"}, {secret}),
                  "the coordinator is not of this run");
}

TEST_CASE("Without a secret a coordinator says who can join, and doesn't listen to other machines", "[integration]")
{
    const TemporaryFolder folder;
    HandStarted coordinator{folder, {}, {}};
    std::string scattered = "0";
    for (int node = 2; node < 10'000; node += 2) scattered += "," + std::to_string(node);
    const auto client = run("fedgram-client", {"--connect", coordinator.address(), "--nodes", scattered});
    CHECK(client.exit_code == 2);
    CHECK_THAT(client.err, Contains("5000 ranges are more than a hello holds"));
    coordinator.process().send(SIGTERM);
    const auto outcome = coordinator.process().wait();
    CHECK(outcome.exit_code == 143);
    CHECK_THAT(outcome.err, Contains("any process of this machine can join this run as a client"));

    const auto open =
        run("fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "open", "--listen", "0.0.0.0:0"},
            {secret});
    CHECK(open.exit_code == 2);
    CHECK_THAT(open.err, Contains("--tls") && Contains("--insecure-listen"));
    CHECK_FALSE(std::filesystem::exists(folder / "open"));
}

TEST_CASE("Over TLS the holders of certificates get in, each for its own nodes, and the bytes are the same",
          "[integration]")
{
    const TemporaryFolder folder;
    const std::string certificates = folder / "certs";
    REQUIRE(run("fedgram", {"certs", "--out", certificates, "--nodes", "3", "--group", "0-4"}).exit_code == 0);
    REQUIRE(run("fedgram", {"certs", "--out", certificates, "--revoke", "nodes-0"}).exit_code == 0);
    REQUIRE(run("fedgram", {"certs", "--out", folder / "elsewhere", "--group", "0-4"}).exit_code == 0);
    const auto now = std::chrono::system_clock::now();
    fedgram::experiments::CertificateAuthority{certificates}.issue_nodes(
        *fedgram::protocol::NodeSet::parse("3"), {now - std::chrono::hours{48}, now - std::chrono::hours{24}});
    for (const char* const key : {"authority.key", "coordinator.key", "nodes-0-4.key"})
        CHECK(std::filesystem::status(folder / "certs" / key).permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));

    HandStarted coordinator{folder, {"--tls", certificates}, {}};
    const auto join = [&](const std::string& nodes, const std::vector<std::string>& options) {
        std::vector<std::string> words{"--connect", coordinator.address(), "--nodes", nodes};
        words.insert(words.end(), options.begin(), options.end());
        return run("fedgram-client", words);
    };
    check_refused(join("0", {"--tls", certificates}), "it has been revoked");
    check_refused(join("3", {"--tls", certificates}), "it has expired");
    check_refused(join("2-3", {"--tls", certificates, "--tls-cert", folder / "certs/nodes-2.pem", "--tls-key",
                               folder / "certs/nodes-2.key"}),
                  "its certificate names the nodes 2 and not 3");
    check_refused(join("0-4", {"--tls", certificates, "--tls-cert", folder / "elsewhere/nodes-0-4.pem", "--tls-key",
                               folder / "elsewhere/nodes-0-4.key"}),
                  "another authority signed it");
    check_refused(join("0-4", {"--tls", folder / "elsewhere"}), "the peer's certificate is refused");
    // A node's certificate is none for a coordinator, nor the other way round.
    check_refused(join("0-4", {"--tls", certificates, "--tls-cert", folder / "certs/coordinator.pem", "--tls-key",
                               folder / "certs/coordinator.key"}),
                  "refused this side's certificate");

    const auto client = join("0-4", {"--tls", certificates});
    INFO(client.err);
    CHECK(client.exit_code == 0);
    const auto outcome = coordinator.process().wait();
    CHECK(outcome.exit_code == 0);
    CHECK_THAT(outcome.err, Contains("for the nodes 0 is refused: certificate revoked"));
    CHECK_THAT(outcome.err, !Contains("can join this run"));
    CHECK(hashes(folder / "run") == undisturbed_hashes(folder));
}

TEST_CASE("A certificate that is revoked while the coordinator runs is refused from then on", "[integration]")
{
    const TemporaryFolder folder;
    const std::string certificates = folder / "certs";
    REQUIRE(run("fedgram", {"certs", "--out", certificates, "--nodes", "2", "--group", "0-4"}).exit_code == 0);
    // The list that the coordinator reads is a copy, as on a machine of its own.
    const auto copy = folder / "copy.pem";
    const auto copy_list = [&] {
        std::filesystem::copy_file(folder / "certs" / "revoked.pem", copy,
                                   std::filesystem::copy_options::overwrite_existing);
    };
    copy_list();
    HandStarted coordinator{folder, {"--tls", certificates, "--tls-crl", copy}, {}};
    const auto join = [&](const std::string& nodes) {
        return run("fedgram-client", {"--connect", coordinator.address(), "--nodes", nodes, "--tls", certificates});
    };
    for (const std::string node : {"0", "1"}) {
        const auto revoked = run("fedgram", {"certs", "--out", certificates, "--revoke", "nodes-" + node});
        CHECK(revoked.exit_code == 0);
        CHECK_THAT(revoked.out, Contains("revoked nodes-" + node));
        copy_list();
        check_refused(join(node), "it has been revoked");
    }
    // A list that can't be read takes nothing back that is known, and is told of once.
    const auto list = read_file(copy);
    write_file(copy, list.substr(0, list.size() / 2));
    for (const std::string node : {"0", "1"}) check_refused(join(node), "it has been revoked");
    copy_list();
    check_refused(join("1"), "it has been revoked");

    const auto client = join("0-4");
    INFO(client.err);
    CHECK(client.exit_code == 0);
    const auto outcome = coordinator.process().wait();
    CHECK(outcome.exit_code == 0);
    const std::string complaint = "copy.pem holds no revocation list";
    const auto told = outcome.err.find(complaint);
    REQUIRE(told != std::string::npos);
    CHECK(outcome.err.find(complaint, told + 1) == std::string::npos);
}

TEST_CASE("A crowd of strangers keeps no client out and changes no byte, with many file descriptors or few",
          "[integration]")
{
    const TemporaryFolder folder;
    const std::string limit = GENERATE("unlimited", "128");
    HandStarted coordinator{folder, {}, {secret}, limit};
    const Crowd crowd{coordinator.endpoint(), 500};
    CHECK(crowd.size() > 400);
    const auto client = run("fedgram-client", {"--connect", coordinator.address(), "--nodes", "0-4"}, {secret});
    INFO(client.err);
    CHECK(client.exit_code == 0);
    const auto outcome = coordinator.process().wait();
    INFO(outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(hashes(folder / "run") == undisturbed_hashes(folder));
    std::uint64_t turned_away = 0;
    const auto by_kind = strangers(folder / "run");
    for (const auto& [kind, connections] : by_kind.items()) turned_away += connections.get<std::uint64_t>();
    CHECK(turned_away >= crowd.size() - 256);  // the others had their five seconds still
    CHECK(by_kind.contains("crowded_out"));
    CHECK(by_kind.contains("garbage"));
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') < 60);
}
