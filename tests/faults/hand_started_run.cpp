#include "tests/faults/hand_started_run.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <sstream>
#include <stdexcept>

namespace fedgram::test {

namespace {

using nlohmann::json;
using Clock = std::chrono::steady_clock;

std::string first_word(const Place& where, const std::string& name) { return where.empty() ? name : where.front(); }

std::vector<std::string> other_words(const Place& where, const std::string& name,
                                     std::initializer_list<std::vector<std::string>> arguments)
{
    std::vector<std::string> words;
    if (!where.empty()) {
        words.assign(where.begin() + 1, where.end());
        words.push_back(program(name));
    }
    for (const auto& part : arguments) words.insert(words.end(), part.begin(), part.end());
    return words;
}

}  // namespace

HandStartedRun::HandStartedRun(const std::string& spec, const Place& where, const std::vector<std::string>& options,
                               std::vector<std::string> environment)
    : spec_{resolved(spec)},
      give_up_{Clock::now() + std::chrono::minutes{4}},
      environment_{std::move(environment)},
      coordinator_{first_word(where, "fedgram-coordinator"),
                   other_words(where, "fedgram-coordinator", {{"--spec", spec_, "--out", folder_ / "run"}, options}),
                   environment_}
{
    const auto said = coordinator_.read_line();
    if (!said.starts_with("listening "))
        throw std::runtime_error{"the coordinator doesn't listen: " + coordinator_.wait().err};
    address_ = said.substr(said.find(' ') + 1);
}

std::string HandStartedRun::resolved(const std::string& spec) const
{
    write_file(folder_ / "given.json", spec);
    const auto outcome = run("fedgram", {"resolve", folder_ / "given.json", "--out", folder_ / "spec.json"});
    if (outcome.exit_code != 0) throw std::runtime_error{outcome.err};
    return folder_ / "spec.json";
}

const Process& HandStartedRun::start_client(const std::string& nodes, const Place& where,
                                            const std::vector<std::string>& options, const std::string& address)
{
    // A client whose coordinator is gone doesn't seek it for longer than a test may last.
    return clients_.emplace_back(
        first_word(where, "fedgram-client"),
        other_words(
            where, "fedgram-client",
            {{"--connect", address.empty() ? address_ : address, "--nodes", nodes, "--patience", "20"}, options}),
        environment_);
}

bool HandStartedRun::ended(const Process& process) const
{
    siginfo_t status{};
    return ::waitid(P_PID, static_cast<id_t>(process.pid()), &status, WEXITED | WNOHANG | WNOWAIT) != 0 ||
           status.si_pid != 0;
}

bool HandStartedRun::over() const { return ended(coordinator_); }

bool HandStartedRun::comes_true(const std::function<bool()>& condition) const
{
    while (!over() && Clock::now() < give_up_) {
        if (condition()) return true;
        ::usleep(5'000);
    }
    return condition();
}

std::string HandStartedRun::check_ends_well()
{
    const auto end_of = [this](Process& process) {
        while (!ended(process) && Clock::now() < give_up_) ::usleep(5'000);
        if (!ended(process)) process.send(SIGKILL);
        return process.wait();
    };
    const auto coordinator = end_of(coordinator_);
    INFO(coordinator.err);
    CHECK(coordinator.exit_code == 0);
    for (auto& client : clients_) {
        const auto outcome = end_of(client);
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
    }
    return coordinator.err;
}

std::vector<json> HandStartedRun::lines(const std::string& file) const
{
    std::vector<json> found;
    const auto path = folder_ / "run" / (file + ".jsonl");
    if (!std::filesystem::exists(path)) return found;
    std::istringstream text{read_file(path)};
    // A last line without its end is being written.
    for (std::string line; std::getline(text, line) && !text.eof();) found.push_back(json::parse(line));
    return found;
}

std::vector<json> HandStartedRun::events(const std::string& kind) const
{
    auto found = lines("events");
    std::erase_if(found, [&](const json& event) { return event.at("event") != kind; });
    return found;
}

std::size_t HandStartedRun::wasted_trainings() const
{
    const auto ledger = lines("ledger");
    return static_cast<std::size_t>(std::ranges::count_if(
        ledger, [](const json& line) { return line.at("wasted") == true && line.at("phase") == "train"; }));
}

bool HandStartedRun::begun() const { return std::filesystem::exists(folder_ / "run" / "processes.json"); }

std::string HandStartedRun::parameters_sha256(const std::string& run) const
{
    return json::parse(read_file(folder_ / run / "summary.json")).at("trainings").at(0).at("parameters_sha256");
}

void HandStartedRun::check_equals_undisturbed(std::size_t rounds, unsigned nodes) const
{
    const auto recorded = lines("rounds");
    CHECK(recorded.size() == rounds);
    for (const auto& round : recorded) CHECK(round.at("participants") == nodes);

    // Tests with the same specification share the undisturbed run.
    static std::map<std::string, std::string> known;
    auto& expected = known[read_file(spec_)];
    if (expected.empty()) {
        const auto outcome =
            run("fedgram", {"run", spec_, "--out", folder_ / "undisturbed", "--client-processes", "1"});
        INFO(outcome.err);
        REQUIRE(outcome.exit_code == 0);
        expected = parameters_sha256("undisturbed");
    }
    CHECK(parameters_sha256("run") == expected);
}

}  // namespace fedgram::test
