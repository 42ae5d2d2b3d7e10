#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "tests/integration/tiny_spec.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram::test;
using nlohmann::json;

namespace {

bool comes_true(const std::function<bool()>& condition)
{
    for (int tries = 0; tries < 600 && !condition(); ++tries) ::usleep(100'000);
    return condition();
}

/// Of the coordinator and the clients of a run that lasts; none until it has begun.
std::vector<pid_t> processes_of(const std::filesystem::path& run)
{
    if (!std::filesystem::exists(run / "processes.json")) return {};
    const auto listed = json::parse(read_file(run / "processes.json"));
    std::vector<pid_t> processes{listed.at("coordinator").at("pid").get<pid_t>()};
    for (const auto& client : listed.at("clients")) processes.push_back(client.at("pid").get<pid_t>());
    return processes;
}

bool maps(pid_t process, const std::string& file)
{
    const auto mapped = "/proc/" + std::to_string(process) + "/maps";
    return read_file(mapped).find(file) != std::string::npos;
}

bool holds(pid_t process, const std::string& file)
{
    const std::filesystem::directory_iterator descriptors{"/proc/" + std::to_string(process) + "/fd"};
    return std::any_of(begin(descriptors), end(descriptors), [&](const auto& entry) {
        std::error_code gone;
        return std::filesystem::read_symlink(entry.path(), gone).string().starts_with(file);
    });
}

/// Where data are kept that were unpacked once, and the file that a run's processes then share.
struct Place {
    std::string cache;
    std::string file;
};

}  // namespace

TEST_CASE("All processes of a run, a client that is started anew among them, map one copy of the data", "[integration]")
{
    const TemporaryFolder folder;
    const auto cache = (folder / "cache").string();
    const auto [kept_in, file] = GENERATE_COPY(
        values({Place{cache, cache + "/fedgram/fashion-mnist."}, Place{"/proc/nowhere", "/memfd:fedgram-data"}}));
    const std::vector<std::string> environment{"XDG_CACHE_HOME=" + kept_in};
    write_file(folder / "tiny.json", tiny_spec);
    const auto out = folder / "run";
    Process launcher{
        "fedgram",
        {"run", folder / "tiny.json", "--out", out, "--client-processes", "2", "--set", "federated.max_rounds=100000"},
        environment};
    REQUIRE(comes_true([&] { return processes_of(out).size() == 3; }));
    CHECK(holds(launcher.pid(), file));
    CHECK_FALSE(maps(launcher.pid(), file));
    for (const auto process : processes_of(out)) CHECK(maps(process, file));

    const auto victim = processes_of(out).back();
    REQUIRE(::kill(victim, SIGKILL) == 0);
    REQUIRE(comes_true([&] {
        const auto now = processes_of(out);
        return now.size() == 3 && std::ranges::find(now, victim) == now.end();
    }));
    for (const auto process : processes_of(out)) CHECK(maps(process, file));
    launcher.send(SIGINT);
    CHECK(launcher.wait().exit_code == 130);

    std::filesystem::remove(out / "processes.json");
    Process resumed{"fedgram", {"run", "--resume", out}, environment};
    REQUIRE(comes_true([&] { return processes_of(out).size() == 3; }));
    for (const auto process : processes_of(out)) CHECK(maps(process, file));
    resumed.send(SIGTERM);
    CHECK(resumed.wait().exit_code == 143);
}

TEST_CASE("A descriptor of no shared data is one line and exit code 3", "[integration]")
{
    const TemporaryFolder folder;
    write_file(folder / "tiny.json", tiny_spec);
    REQUIRE(run("fedgram", {"resolve", folder / "tiny.json", "--out", folder / "spec.json"}).exit_code == 0);
    for (const auto& [program, arguments] : std::map<std::string, std::vector<std::string>>{
             {"fedgram-client", {"--connect", "127.0.0.1:1", "--nodes", "0"}},
             {"fedgram-coordinator", {"--spec", folder / "spec.json", "--out", folder / "run"}}}) {
        auto with_data = arguments;
        with_data.insert(with_data.end(), {"--data-fd", "99"});
        const auto outcome = run(program, with_data);
        CHECK(outcome.exit_code == 3);
        CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
        CHECK_THAT(outcome.err, Catch::Contains("--data-fd 99"));
        with_data.insert(with_data.end(), {"--data-dir", folder.path()});
        CHECK(run(program, with_data).exit_code == 2);
    }
    CHECK_FALSE(std::filesystem::exists(folder / "run"));
}
