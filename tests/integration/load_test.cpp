// `fedgram load` against a fedgram-serve, on 127.0.0.1 and port 0.

#include <signal.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "tests/integration/serving_process.hpp"
#include "tests/support/command.hpp"
#include "tests/support/served_file.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::test;
using Catch::Contains;
using nlohmann::json;

namespace {

std::filesystem::path small_model(const TemporaryFolder& folder)
{
    write_servable(folder / "model.fgm", built_in("mlp-32"));
    return folder / "model.fgm";
}

std::vector<std::string> words(const Serving& server, std::vector<std::string> more)
{
    more.insert(more.begin(), {"load", server.address()});
    return more;
}

json loaded(const Serving& server, const std::vector<std::string>& more)
{
    auto all = words(server, more);
    all.emplace_back("--json");
    const auto outcome = run("fedgram", all);
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    return json::parse(outcome.out);
}

/// Until the server has answered so many requests.
void wait_for_answers(const Serving& server, std::uint64_t answers)
{
    auto watch = server.peer();
    while (watch.metrics().answered() < answers) ::usleep(2'000);
}

}  // namespace

TEST_CASE("A closed loop and open ones are measured, and say what they are", "[integration]")
{
    const TemporaryFolder folder;
    const Serving server{small_model(folder), {"--max-batch", "4"}};
    const auto closed = loaded(server, {"--concurrency", "4", "--requests", "1000"});
    CHECK(closed.at("server").at("model") == "mlp-32");
    CHECK(closed.at("server").at("shape") == json::array({1, 28, 28}));
    CHECK(closed.at("load").at("loop") == "closed");
    CHECK(closed.at("load").at("connections") == 4);
    CHECK(closed.at("requests").at("answered") == 1000);
    CHECK(closed.at("requests").at("lost") == 0);
    CHECK(closed.at("latency").at("requests") == 1000);
    CHECK(closed.at("latency").at("percentiles")[3].at("ms") > 0);
    CHECK(closed.at("stable").is_null());
    CHECK(closed.at("accuracy").is_null());
    CHECK_THAT(closed.at("note").get<std::string>(), Contains("coordinated omission"));

    const auto open = loaded(server, {"--rate", "400", "--poisson", "--seconds", "1", "--deadline-ms", "0.001"});
    CHECK(open.at("load").at("arrivals") == "poisson");
    CHECK(open.at("windows").size() == 10);
    CHECK(open.at("windows")[9].at("seconds") == Approx(0.1));
    CHECK(open.at("stable").is_boolean());
    CHECK(open.at("latency").at("percentiles")[3].at("requests_needed") == 662);
    CHECK(open.at("latency").at("percentiles")[3].at("ms").is_null());  // of about 400
    // Every measured answer, and none of those of the warming up.
    CHECK(open.at("deadline").at("answers") == open.at("latency").at("requests"));
    CHECK(open.at("deadline").at("answered_late") == open.at("latency").at("requests"));

    const auto text = run("fedgram", words(server, {"--rate", "300", "--requests", "300"}));
    CHECK(text.exit_code == 0);
    CHECK_THAT(text.out, Contains("open loop, 300 requests a second, evenly") && Contains("too few") &&
                             Contains("300 sent, 300 answered, 0 lost") && Contains("no coordinated omission"));
}

TEST_CASE("A rate that nobody can keep up with ends in its time, and says so", "[integration]")
{
    const TemporaryFolder folder;
    const Serving server{small_model(folder)};
    const auto result = loaded(server, {"--rate", "1000000", "--seconds", "0.2"});
    CHECK(result.at("requests").at("not_sent") > 0);
    CHECK(result.at("requests").at("sent_late") > 0);
    CHECK(result.at("requests").at("lost") == 0);
    CHECK(result.at("windows").size() == 10);
}

TEST_CASE("A run's test set is answered as well as its training says", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "spec.json", R"({
      "name": "loaded", "data": {"dataset": "synthetic-fashion-mnist", "train_samples": 500,
                                 "normalization": {"mean": 0.25, "standard_deviation": 0.5}}, "model": "mlp-32",
      "trainings": [{"label": "first", "kind": "centralized", "learning_rate": 0.05, "max_epochs": 1}]})");
    const auto out = folder / "run";
    const auto trained = run("fedgram", {"run", folder / "spec.json", "--out", out});
    INFO(trained.err);
    REQUIRE(trained.exit_code == 0);
    const auto accuracy = json::parse(read_file(out / "rounds.jsonl")).at("test_accuracy").get<double>();
    const Serving server{out / "first.pt", {"--max-batch", "16"}};
    for (const std::vector<std::string>& form : {std::vector<std::string>{}, {"--bytes"}}) {
        std::vector<std::string> more{"--run", out, "--requests", "10000", "--concurrency", "32"};
        more.insert(more.end(), form.begin(), form.end());
        const auto all = loaded(server, more);
        CHECK(all.at("accuracy").at("images") == 10000);
        CHECK(all.at("accuracy").at("share").get<double>() == Approx(accuracy).epsilon(1e-9));
    }
    const auto some = loaded(server, {"--run", out, "--requests", "50", "--images", "20"});
    CHECK(some.at("accuracy").at("images") == 20);
}

TEST_CASE("A load that is interrupted prints what it has", "[integration]")
{
    const TemporaryFolder folder;
    const Serving server{small_model(folder)};
    Process load{"fedgram", words(server, {"--concurrency", "2", "--seconds", "600", "--json"})};
    wait_for_answers(server, 3000);
    load.send(SIGINT);
    const auto outcome = load.wait();
    CHECK(outcome.exit_code == 130);
    const auto result = json::parse(outcome.out);
    CHECK(result.at("signal") == SIGINT);
    CHECK(result.at("failure").is_null());
    CHECK(result.at("requests").at("answered") == result.at("requests").at("sent"));
    CHECK(result.at("requests").at("lost") == 0);
    CHECK(outcome.err.empty());
}

TEST_CASE("What a server that stands still never answers is lost, and isn't waited for after a signal", "[integration]")
{
    const TemporaryFolder folder;
    Serving server{small_model(folder)};
    Process load{"fedgram", words(server, {"--rate", "1000", "--seconds", "600"})};
    wait_for_answers(server, 500);
    server.process().send(SIGSTOP);
    ::usleep(50'000);
    load.send(SIGTERM);
    const auto outcome = load.wait();
    server.process().send(SIGCONT);
    CHECK(outcome.exit_code == 143);
    CHECK_THAT(outcome.out, Contains("ended early by SIGTERM") && !Contains(" 0 lost"));
}

TEST_CASE("A load ends with its server, and prints what it has", "[integration]")
{
    const TemporaryFolder folder;
    Serving server{small_model(folder)};
    Process load{"fedgram", words(server, {"--seconds", "600"})};
    wait_for_answers(server, 2000);
    server.process().send(SIGKILL);
    const auto outcome = load.wait();
    CHECK(outcome.exit_code == 4);
    CHECK_THAT(outcome.out, Contains("ended early: the server has ended the connection") && Contains("1 lost"));
    CHECK_THAT(outcome.err, Contains("fedgram: the server has ended the connection"));
}

TEST_CASE("A load shows a certificate over TLS, and a secret", "[integration]")
{
    const TemporaryFolder folder;
    const std::string certificates = folder / "certs";
    REQUIRE(run("fedgram", {"certs", "--out", certificates, "--group", "3-4"}).exit_code == 0);
    REQUIRE(run("fedgram", {"certs", "--out", folder / "others", "--nodes", "1"}).exit_code == 0);
    const std::string secret = "FEDGRAM_SECRET=" + std::string(64, '7');
    const Serving server{small_model(folder), {"--tls", certificates, "--max-batch", "8"}, {secret}};
    const auto outcome =
        run("fedgram", words(server, {"--tls", certificates, "--concurrency", "8", "--requests", "2000", "--json"}),
            {secret});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == 0);
    const auto result = json::parse(outcome.out);
    CHECK(result.at("tls") == true);
    CHECK(result.at("requests").at("answered") == 2000);
    CHECK(result.at("server").at("core_seconds_per_1000") > 0);

    const auto refused = [&](const std::vector<std::string>& more, const std::string& text) {
        auto all = more;
        all.insert(all.end(), {"--requests", "1"});
        const auto failed = run("fedgram", words(server, all));
        CHECK(failed.exit_code == 4);
        CHECK(failed.out.empty());
        CHECK_THAT(failed.err, Contains(text));
    };
    refused({"--tls", certificates}, "no proof that it knows this run's secret");
    refused({"--tls", folder / "others"}, "certificate");
    refused({}, server.address() + ": the server has ended the connection");
    refused({}, "does it ask for TLS (--tls)?");
}

TEST_CASE("A load that can't begin says why in a line", "[integration]")
{
    const TemporaryFolder folder;
    const Serving server{small_model(folder)};
    const auto refused = [&](const std::vector<std::string>& more, int exit_code, const std::string& text) {
        CAPTURE(text);
        std::vector<std::string> all{"load"};
        all.insert(all.end(), more.begin(), more.end());
        const auto outcome = run("fedgram", all);
        INFO(outcome.err);
        CHECK(outcome.exit_code == exit_code);
        CHECK_THAT(outcome.err, Contains(text));
        CHECK(std::ranges::count(outcome.err, '\n') == 1);
        CHECK(outcome.out.empty());
    };
    refused({}, 2, "server");
    refused({"here"}, 2, "HOST:PORT");
    refused({"127.0.0.1:1"}, 5, "no server answers at 127.0.0.1:1");
    const auto& at = server.address();
    refused({at, "--rate", "1", "--concurrency", "2"}, 2, "--rate");
    refused({at, "--poisson"}, 2, "--rate");
    refused({at, "--rate", "nan"}, 2, "--rate: nan");
    refused({at, "--seconds", "nan"}, 2, "--seconds: nan");
    refused({at, "--seconds", "1", "--requests", "2"}, 2, "--requests");
    refused({at, "--concurrency", "0"}, 2, "--concurrency");
    refused({at, "--bytes", "--requests", "1"}, 2, "the server takes no bytes");
    refused({at, "--data-dir", folder.path()}, 2, "--data-dir");
    refused({at, "--run", folder / "none"}, 3, "spec.json");
    refused({at, "--tls", folder.path()}, 2, "authority.pem");
    refused({at, "--deadline-ms", "nan"}, 2, "--deadline-ms: nan is not valid; use a number from 0.001 to");
    refused({at, "--concurrency", "2", "--connections", "3"}, 2, "--connections: 3 are more than the clients (2)");
    const auto few = run(
        "/bin/sh", {"-c", "ulimit -n 20; exec \"$0\" load \"$1\" --rate 9 --connections 256", program("fedgram"), at});
    CHECK(few.exit_code == 5);
    CHECK_THAT(few.err, Contains("256 connections take 272 file descriptors, and this process may open 20") &&
                            Contains("ulimit -n"));
}

TEST_CASE("A load that asked nothing says so, behind what it measured", "[integration]")
{
    const TemporaryFolder folder;
    const Serving server{small_model(folder)};
    const auto outcome = run("fedgram", {"load", server.address(), "--rate", "0.001", "--seconds", "0.1"});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.out, Contains("requests: 0 sent"));
    CHECK_THAT(outcome.err, Contains("--rate: no request was due in that time, at 0.001 a second"));
}
