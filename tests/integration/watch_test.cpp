// A run that is followed: its page, its metrics and its event files, and that it doesn't change for them.
#include <signal.h>

#include <asio/connect.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

std::string tiny(const TemporaryFolder& folder)
{
    const auto file = folder / "tiny.json";
    write_file(file, tiny_spec);
    return file;
}

/// Where a process that watches serves: "http://127.0.0.1:PORT/REST" in what it says.
struct Place {
    std::uint16_t port = 0;
    std::string path;

    static Place in(const std::string& text, const std::string& before)
    {
        const auto at = text.find(before);
        REQUIRE(at != std::string::npos);
        const auto port = at + before.size();
        const auto slash = text.find('/', port);
        return {static_cast<std::uint16_t>(std::stoul(text.substr(port, slash - port))),
                text.substr(slash, text.find_first_of(" \n", slash) - slash)};
    }
};

constexpr const char* page_is_at = " at http://127.0.0.1:";

/// All that is answered until the connection ends.
std::string fetched(const Place& place, const std::string& host = "localhost")
{
    asio::io_context context;
    asio::ip::tcp::socket socket{context};
    socket.connect({asio::ip::address_v4::loopback(), place.port});
    asio::write(socket, asio::buffer("GET " + place.path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n"));
    std::string text;
    asio::error_code end;
    asio::read(socket, asio::dynamic_buffer(text), end);
    return text;
}

/// A `fedgram watch` whose standard error is a file, read for where it serves.
class Watcher {
public:
    Watcher(const TemporaryFolder& folder, const std::string& arguments)
        : said_{folder / "watch.err"},
          process_{"/bin/sh", {"-c", "exec \"$0\" watch " + arguments + " 2> \"$1\"", program("fedgram"), said_}}
    {
    }

    [[nodiscard]] std::string said(const std::string& awaited) const
    {
        for (int i = 0; i < 500; ++i, std::this_thread::sleep_for(20ms))
            if (auto text = std::filesystem::exists(said_) ? read_file(said_) : "";
                text.find(awaited) != text.npos && text.back() == '\n')
                return text;
        FAIL("it doesn't say " + awaited);
        return {};
    }

    Process& process() { return process_; }

private:
    std::string said_;
    Process process_;
};

/// The data of each event of a stream, with its name.
std::vector<std::pair<std::string, json>> events(const std::string& stream)
{
    std::vector<std::pair<std::string, json>> result;
    std::istringstream text{stream.substr(stream.find("\r\n\r\n") + 4)};
    std::string name;
    for (std::string line; std::getline(text, line);) {
        if (line.starts_with("event: ")) name = line.substr(7);
        if (line.starts_with("data: ")) result.emplace_back(name, json::parse(line.substr(6)));
    }
    return result;
}

std::vector<std::string> event_files(const std::filesystem::path& run)
{
    std::vector<std::string> labels;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{run / "tensorboard"})
        if (entry.path().filename().string().starts_with("events."))
            labels.push_back(entry.path().parent_path().filename());
    std::ranges::sort(labels);
    return labels;
}

}  // namespace

TEST_CASE("A run that is followed ends like one that isn't, and says where it is followed", "[integration]")
{
    const TemporaryFolder folder;
    const auto spec = tiny(folder);
    REQUIRE(run("fedgram", {"run", spec, "--out", folder / "alone"}).exit_code == 0);
    const auto followed = run("fedgram", {"run", spec, "--out", folder / "followed", "--json", "--watch", "--metrics",
                                          "127.0.0.1:0", "--tensorboard"});
    CHECK(followed.exit_code == 0);
    CHECK(json::parse(followed.out).at("trainings").size() == 3);
    CHECK_THAT(followed.err, Contains("watch tiny at http://127.0.0.1:"));
    CHECK_THAT(followed.err, Contains("metrics of tiny are at http://127.0.0.1:"));
    for (const char* file : {"table.json", "rounds.jsonl", "ledger.jsonl"})
        CHECK(read_file(folder / "alone" / file) == read_file(folder / "followed" / file));
    CHECK(event_files(folder / "followed") == std::vector<std::string>{"central", "iid", "skewed"});
    CHECK_FALSE(std::filesystem::exists(folder / "followed/progress.json"));
    CHECK_FALSE(std::filesystem::exists(folder / "alone/tensorboard"));
}

TEST_CASE("A viewer is told the run's start, its points, where it stands, and the end", "[integration]")
{
    const TemporaryFolder folder;
    REQUIRE(run("fedgram", {"run", tiny(folder), "--out", folder / "run"}).exit_code == 0);
    Watcher watcher{folder, folder / "run"};
    auto place = Place::in(watcher.said(page_is_at), page_is_at);
    CHECK_THAT(fetched(place), Catch::StartsWith("HTTP/1.1 200 OK") && Contains("new EventSource('events')"));

    place.path += "events";
    std::string stream;
    std::jthread viewer{[&] { stream = fetched(place); }};
    std::this_thread::sleep_for(1s);
    watcher.process().send(SIGTERM);
    CHECK(watcher.process().wait().exit_code == 0);
    viewer.join();
    CHECK_THAT(stream, Contains("Content-Type: text/event-stream"));
    const auto told = events(stream);
    REQUIRE(told.size() == 4);
    CHECK(told[0].first == "start");
    CHECK(told[0].second.at("name") == "tiny");
    CHECK(told[1].first == "points");
    // The sums of rounds.jsonl are those of the table.
    const auto table = json::parse(read_file(folder / "run/table.json"));
    for (const auto& training : told[1].second) {
        const std::string label =
            told[0].second.at("trainings").at(training.at("training").get<std::size_t>()).at("label");
        const auto cell =
            std::ranges::find_if(table.at("cells"), [&](const json& each) { return each.at("training") == label; });
        CHECK(training.at("rounds").at("gco2e").back() == Approx(cell->at("gco2e").get<double>()));
    }
    CHECK(told[2].first == "state");
    CHECK(told[2].second.at("state") == "whole");
    CHECK(told[3].first == "end");
}

TEST_CASE("Without its token, by another name or another way in, the page tells nothing of the run", "[integration]")
{
    const TemporaryFolder folder;
    REQUIRE(run("fedgram", {"run", tiny(folder), "--out", folder / "run"}).exit_code == 0);
    Watcher watcher{folder, folder / "run"};
    const auto place = Place::in(watcher.said(page_is_at), page_is_at);
    const auto check_refused = [&](const std::string& answer, const char* status) {
        CHECK_THAT(answer, Catch::StartsWith(std::string{"HTTP/1.1 "} + status));
        CHECK_THAT(answer, !Contains("tiny") && !Contains(place.path));
    };
    check_refused(fetched({place.port, "/"}), "404");
    check_refused(fetched({place.port, "/events"}), "404");
    check_refused(fetched({place.port, "/metrics"}), "404");
    check_refused(fetched(place, "evil.example"), "421");
}

TEST_CASE("Ten viewers, strangers among them, don't hold a watcher's end up", "[integration]")
{
    const TemporaryFolder folder;
    REQUIRE(run("fedgram", {"run", tiny(folder), "--out", folder / "run"}).exit_code == 0);
    Watcher watcher{folder, folder / "run"};
    const auto place = Place::in(watcher.said(page_is_at), page_is_at);
    asio::io_context context;
    std::vector<asio::ip::tcp::socket> viewers;
    for (int i = 0; i < 20; ++i) {
        auto& socket = viewers.emplace_back(context);
        socket.connect({asio::ip::address_v4::loopback(), place.port});
        // Viewers that never read, and strangers that never ask.
        if (i < 10)
            asio::write(socket, asio::buffer("GET " + place.path + "events HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }
    std::this_thread::sleep_for(500ms);
    const auto told = std::chrono::steady_clock::now();
    watcher.process().send(SIGINT);
    CHECK(watcher.process().wait().exit_code == 0);
    CHECK(std::chrono::steady_clock::now() - told < 5s);
}

TEST_CASE("A run that is killed and resumed is followed through", "[integration]")
{
    const TemporaryFolder folder;
    Process first{"fedgram", {"run", tiny(folder), "--out", folder / "run", "--set", "federated.max_rounds=40"}};
    const auto rounds = folder / "run/rounds.jsonl";
    const auto lines = [&] {
        const auto text = std::filesystem::exists(rounds) ? read_file(rounds) : "";
        return std::ranges::count(text, '\n');
    };
    for (int i = 0; i < 1000 && lines() < 6; ++i) std::this_thread::sleep_for(20ms);
    Watcher watcher{folder, "--no-page --metrics 127.0.0.1:0 " + std::string{folder / "run"}};
    const auto place = Place::in(watcher.said("are at "), " at http://127.0.0.1:");
    first.send(SIGKILL);
    static_cast<void>(first.wait());
    REQUIRE(run("fedgram", {"run", "--resume", folder / "run"}).exit_code == 0);
    std::this_thread::sleep_for(1500ms);
    const auto metrics = fetched(place);
    CHECK_THAT(metrics, Contains("fedgram_run_state{state=\"whole\"} 1\n"));
    CHECK_THAT(metrics, Contains("fedgram_rounds_total{training=\"iid\",kind=\"federated\"} 40\n"));
}

TEST_CASE("Event files have one writer, are made of plain labels alone, and need no writer to be there",
          "[integration]")
{
    const TemporaryFolder folder;
    REQUIRE(run("fedgram", {"run", tiny(folder), "--out", folder / "run"}).exit_code == 0);
    CHECK(run("fedgram", {"report", folder / "run", "--tensorboard"}).exit_code == 0);
    CHECK(event_files(folder / "run") == std::vector<std::string>{"central", "iid", "skewed"});
    {
        Watcher watcher{folder, "--no-page --tensorboard --metrics 127.0.0.1:0 " + std::string{folder / "run"}};
        static_cast<void>(watcher.said("are at "));
        const auto second = run("fedgram", {"report", folder / "run", "--tensorboard"});
        CHECK(second.exit_code == 5);
        CHECK_THAT(second.err, Contains("another process writes event files there"));
        CHECK(std::ranges::count(second.err, '\n') == 1);
    }
    for (const char* file : {"spec.json", "rounds.jsonl"}) {
        auto text = read_file(folder / "run" / file);
        for (auto at = text.find("\"iid\""); at != std::string::npos; at = text.find("\"iid\"", at + 1))
            text.replace(at, 5, "\"../../out\"");
        write_file(folder / "run" / file, text);
    }
    const auto outside = run("fedgram", {"report", folder / "run", "--tensorboard"});
    CHECK(outside.exit_code == 3);
    CHECK_THAT(outside.err, Contains("can't have a folder"));
    CHECK_FALSE(std::filesystem::exists(folder / "out"));
}

TEST_CASE("A run goes on without its watcher, once that is killed", "[integration]")
{
    const TemporaryFolder folder;
    // The watcher is the one child of `fedgram run` whose command line says so.
    const auto script =
        "\"$0\" run \"$1\" --out \"$2\" --watch --set federated.max_rounds=30 > /dev/null 2>&1 & run=$!; "
        "for i in $(seq 500); do "
        "for child in $(cat /proc/$run/task/$run/children 2> /dev/null); do "
        "tr '\\0' ' ' < /proc/$child/cmdline | grep -q ' watch ' && kill -9 $child && break 2; done; sleep 0.02; done; "
        "[ \"$i\" -lt 500 ] || exit 99; wait $run";
    const auto outcome = run("/bin/sh", {"-c", script, program("fedgram"), tiny(folder), folder / "run"});
    CHECK(outcome.exit_code == 0);
    CHECK(std::filesystem::exists(folder / "run/table.json"));
}

TEST_CASE("An address of metrics that others can reach, or that is taken, is refused before anything is made",
          "[integration]")
{
    const TemporaryFolder folder;
    const auto spec = tiny(folder);
    asio::io_context context;
    asio::ip::tcp::acceptor taken{context, {asio::ip::address_v4::loopback(), 0}};
    const auto port = std::to_string(taken.local_endpoint().port());
    for (const auto& [address, why] :
         {std::pair{std::string{"0.0.0.0:0"}, std::string{"can be reached from other machines"}},
          {"127.0.0.1:" + port, "choose another --metrics"},
          {"9400", "use HOST:PORT"}}) {
        const auto refused = run("fedgram", {"run", spec, "--out", folder / "run", "--metrics", address});
        CHECK(refused.exit_code != 0);
        CHECK_THAT(refused.err, Contains(why));
        CHECK(std::ranges::count(refused.err, '\n') == 1);
        CHECK_FALSE(std::filesystem::exists(folder / "run"));
    }
    const auto no_run = run("fedgram", {"watch", folder / "none"});
    CHECK(no_run.exit_code != 0);
    CHECK_THAT(no_run.err, Contains("is no run folder"));
    const auto for_nobody = run("fedgram", {"watch", folder / "none", "--no-page"});
    CHECK_THAT(for_nobody.err, Contains("nobody is left"));
}
