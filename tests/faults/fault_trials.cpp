// Runs real processes and kills them at random instants, over many trials: each must end with the undisturbed run's
// bytes, and none may hang. `fedgram-fault-trials --trials 5000 --seed 7` runs for hours.
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "common/random/stream.hpp"
#include "tests/support/command.hpp"
#include "tests/support/completed_lines.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace fedgram;
using namespace fedgram::test;
using Clock = std::chrono::steady_clock;

/// Trainings that are disturbed together, in one run, small: what takes time is the start of processes.
struct Mode {
    std::string_view name;
    std::string_view spec;
};

constexpr std::array<Mode, 5> modes{{
    // One of each kind, and of each way in which rounds end and updates come.
    {"rounds", R"({
  "name": "trial", "seed": 5, "data": {"dataset": "fashion-mnist", "train_samples": 1500}, "model": "mlp-32",
  "centralized": {"learning_rate": 0.05, "momentum": 0.9, "max_epochs": 12},
  "federated": {"nodes": 4, "learning_rate": 0.05, "max_rounds": 40, "quorum": 1, "rejoin_wait_s": 30},
  "trainings": [
    {"label": "central", "kind": "centralized"}, {"label": "iid", "kind": "federated", "max_rounds": 25},
    {"label": "skewed", "kind": "federated", "partition": {"kind": "dirichlet", "alpha": 0.3}},
    {"label": "summed", "kind": "federated", "nodes": 40, "max_rounds": 25},
    {"label": "scheduled", "kind": "federated", "nodes": 8, "max_rounds": 15, "client_fraction": 0.5, "goal": 3,
     "local_epochs": 6, "virtual_deadline_s": 0.145, "partial_work": true, "evaluate_every_virtual_minutes": 0.01,
     "selection": "oort", "fleet": [
       {"device": "phone", "share": 0.5, "speed_deviation": 0.5},
       {"device": "raspberry-pi-4", "share": 0.5,
        "availability": {"on_off": {"mean_on_h": 0.002, "mean_off_h": 0.001}}}]},
    {"label": "compressed", "kind": "federated", "nodes": 8, "client_fraction": 0.5, "max_rounds": 25,
     "compression": {"kind": "top-k", "fraction": 0.05}},
    {"label": "buffered", "kind": "federated", "nodes": 8, "max_rounds": 25, "mode": "buffered",
     "buffered": {"concurrency": 5, "buffer": 2}, "fleet": [{"device": "phone", "share": 1, "speed_deviation": 0.8}]}]
})"},
    // Moments on the server, and states of the nodes that the coordinator keeps.
    {"strategies", R"({
  "name": "trial", "seed": 6, "data": {"dataset": "fashion-mnist", "train_samples": 1500}, "model": "mlp-32",
  "federated": {"nodes": 8, "client_fraction": 0.5, "learning_rate": 0.05, "max_rounds": 100, "quorum": 1,
                "rejoin_wait_s": 30, "partition": {"kind": "dirichlet", "alpha": 0.3}},
  "trainings": [
    {"label": "scaffold", "kind": "federated", "strategy": "scaffold"},
    {"label": "fedadam", "kind": "federated", "nodes": 40,
     "strategy": {"kind": "fedadam", "learning_rate": 0.01, "schedule": {"kind": "cosine", "warmup_rounds": 3}}},
    {"label": "feddyn", "kind": "federated", "strategy": "feddyn"}]
})"},
    // Noise, a clip that moves from round to round, and a privacy that is spent before the last round.
    {"privacy", R"({
  "name": "trial", "seed": 7, "data": {"dataset": "fashion-mnist", "train_samples": 1500}, "model": "mlp-32",
  "federated": {"nodes": 10, "client_fraction": 0.5, "learning_rate": 0.05, "max_rounds": 40, "quorum": 1,
                "rejoin_wait_s": 30},
  "trainings": [
    {"label": "noise", "kind": "federated",
     "privacy": {"clip": 0.5, "noise_multiplier": 0.5, "delta": 0.01, "stop_at_epsilon": 50}},
    {"label": "adaptive", "kind": "federated", "strategy": "fedadam",
     "privacy": {"clip": "adaptive", "noise_multiplier": 0.2, "delta": 0.01}},
    {"label": "fixed", "kind": "federated",
     "privacy": {"clip": 0.5, "epsilon": 100, "delta": 0.01, "sampling": "fixed"}}]
})"},
    // Masks that cancel among the nodes of a round, in rounds of all nodes, of some, and of the first to deliver.
    {"masks", R"({
  "name": "trial", "seed": 8, "data": {"dataset": "fashion-mnist", "train_samples": 1500}, "model": "mlp-32",
  "federated": {"nodes": 8, "learning_rate": 0.05, "max_rounds": 60, "quorum": 1, "rejoin_wait_s": 30,
                "secure_aggregation": true},
  "trainings": [
    {"label": "all", "kind": "federated"},
    {"label": "goal", "kind": "federated", "goal": 7, "strategy": "fedavgm",
     "fleet": [{"device": "phone", "share": 1, "speed_deviation": 0.8}]},
    {"label": "private", "kind": "federated", "nodes": 12, "client_fraction": 0.5,
     "secure_aggregation": {"neighbours": 3},
     "privacy": {"clip": 0.5, "noise_multiplier": 0.5, "delta": 0.01, "sampling": "fixed"}}]
})"},
    // The model in messages that nodes have missed, and what they left out, which the global model keeps.
    {"downloads", R"({
  "name": "trial", "seed": 9, "data": {"dataset": "fashion-mnist", "train_samples": 1500}, "model": "mlp-32",
  "federated": {"nodes": 8, "client_fraction": 0.5, "learning_rate": 0.05, "max_rounds": 80, "quorum": 1,
                "rejoin_wait_s": 30},
  "trainings": [
    {"label": "down", "kind": "federated", "download_compression": "int8"},
    {"label": "both", "kind": "federated", "download_compression": {"kind": "top-k", "fraction": 0.1},
     "compression": ["top-k", "int8"]},
    {"label": "scaffold", "kind": "federated", "strategy": "scaffold", "download_compression": "qsgd"}]
})"},
}};

// Start, silence and rejoin deadlines, and a machine that is busy with other things: what is not over by then hangs.
constexpr std::chrono::seconds hang{180};

/// What is compared: all that a seed promises.
std::array<std::string, 4> results(const std::filesystem::path& run)
{
    std::string hashes;
    const auto summary = nlohmann::json::parse(read_file(run / "summary.json"));
    for (const auto& training : summary.at("trainings"))
        hashes += training.at("parameters_sha256").get<std::string>() + "\n";
    return {hashes, read_file(run / "table.json"), read_file(run / "rounds.jsonl"),
            completed_lines(read_file(run / "ledger.jsonl"))};
}

/// The run's launcher and whom it has started, as far as can be seen now.
struct Victims {
    pid_t coordinator = 0;
    std::vector<pid_t> clients;
};

std::optional<Victims> victims(const std::filesystem::path& run)
{
    try {
        const auto listed = nlohmann::json::parse(read_file(run / "processes.json"));
        Victims found{listed.at("coordinator").at("pid"), {}};
        for (const auto& client : listed.at("clients")) found.clients.push_back(client.at("pid"));
        return found;
    } catch (const std::exception&) {
        return std::nullopt;  // not there yet
    }
}

/// Only what the launcher has started itself: a process id from before a crash may be anybody's by now.
bool is_child_of(pid_t process, pid_t launcher)
{
    try {
        const auto stat = read_file("/proc/" + std::to_string(process) + "/stat");
        return std::stol(stat.substr(stat.rfind(')') + 4)) == launcher;
    } catch (const std::exception&) {
        return false;
    }
}

class Trials {
public:
    /// Each mode has faults of its own.
    Trials(const Mode& mode, std::uint64_t seed)
        : random_{seed, Purpose::cohort, static_cast<std::uint64_t>(&mode - modes.data())}
    {
        write_file(folder_ / "spec.json", std::string{mode.spec});
        const auto begin = Clock::now();
        const auto outcome = run("fedgram", {"run", folder_ / "spec.json", "--out", folder_ / "undisturbed"});
        if (outcome.exit_code != 0) throw std::runtime_error{"the undisturbed run failed: " + outcome.err};
        length_ = Clock::now() - begin;
        expected_ = results(folder_ / "undisturbed");
    }

    /// Throws what is wrong.
    void trial(std::uint32_t number)
    {
        const auto out = folder_ / ("trial-" + std::to_string(number));
        const auto deadline = Clock::now() + hang;
        const auto faults = 1 + random_.below(2);
        std::vector<std::string> arguments{"run", folder_ / "spec.json", "--out", out};
        for (std::uint64_t fault = 0;; ++fault) {
            arguments.insert(arguments.end(), {"--checkpoint-interval", random_.below(2) == 0 ? "0" : "0.2",
                                               "--client-processes", std::to_string(1 + random_.below(2))});
            Process process{"fedgram", arguments};
            const Watchdog watchdog{process, deadline};
            if (fault < faults) disturb(process, out);
            const auto outcome = process.wait();
            if (Clock::now() > deadline) throw std::runtime_error{"it hangs: " + outcome.err};
            if (outcome.exit_code == 0) break;
            if (outcome.exit_code != 5 && outcome.exit_code != 128 + SIGKILL && outcome.exit_code != 128 + SIGTERM)
                throw std::runtime_error{"exit code " + std::to_string(outcome.exit_code) + ": " + outcome.err};
            if (fault > faults) throw std::runtime_error{"it can't be brought to its end: " + outcome.err};
            const bool begun = std::filesystem::exists(out / "spec.json");
            arguments = begun ? std::vector<std::string>{"run", "--resume", out}
                              : std::vector<std::string>{"run", folder_ / "spec.json", "--out", out};
        }
        if (results(out) != expected_) throw std::runtime_error{"its results differ from the undisturbed run's"};
        std::filesystem::remove_all(out);
    }

    [[nodiscard]] const std::map<std::string, std::uint32_t>& counts() const { return counts_; }

private:
    /// Kills a launcher that hangs, and its processes with it.
    class Watchdog {
    public:
        Watchdog(const Process& process, Clock::time_point deadline)
            : thread_{[&process, deadline](const std::stop_token& done) {
                  while (!done.stop_requested() && Clock::now() < deadline)
                      std::this_thread::sleep_for(std::chrono::milliseconds{20});
                  if (!done.stop_requested()) process.send(SIGKILL);
              }}
        {
        }

    private:
        std::jthread thread_;
    };

    /// Whether this launcher's clients are there.
    static bool begun(const Process& launcher, const std::filesystem::path& out)
    {
        const auto found = victims(out);
        return found && is_child_of(found->coordinator, launcher.pid());
    }

    /// At a random instant one thing happens.
    void disturb(const Process& launcher, const std::filesystem::path& out)
    {
        // Half of the time a start takes; so every other fault waits until it is over.
        if (random_.below(2) == 0)
            for (int tries = 0; tries < 300 && !begun(launcher, out); ++tries)
                std::this_thread::sleep_for(std::chrono::milliseconds{20});
        // Late enough for each training to be hit, early enough for most faults to find the run.
        std::this_thread::sleep_for(random_.uniform() * length_ * 0.8);
        const auto kind = random_.below(10);
        const auto found = victims(out);
        if (kind == 0) {
            launcher.send(SIGKILL);
            ++counts_["launchers killed"];
        } else if (kind == 1) {
            launcher.send(SIGTERM);
            ++counts_["launchers told to stop"];
        } else if (!found || !is_child_of(found->coordinator, launcher.pid())) {
            launcher.send(SIGKILL);
            ++counts_["launchers killed while starting"];
        } else if (kind < 6) {
            ::kill(found->coordinator, SIGKILL);
            ++counts_["coordinators killed"];
        } else {
            const auto victim = found->clients[random_.below(found->clients.size())];
            if (!is_child_of(victim, launcher.pid())) {
                ++counts_["too late"];
            } else if (kind < 9) {
                ::kill(victim, SIGKILL);
                ++counts_["clients killed"];
            } else {
                ::kill(victim, SIGSTOP);
                std::this_thread::sleep_for(std::chrono::milliseconds{300});
                ::kill(victim, SIGCONT);
                ++counts_["clients held up"];
            }
        }
    }

    TemporaryFolder folder_;
    Stream random_;
    std::chrono::duration<double> length_{};
    std::array<std::string, 4> expected_;
    std::map<std::string, std::uint32_t> counts_;
};

/// Returns how many failed.
std::uint32_t conduct(const Mode& mode, std::uint32_t count, std::uint64_t seed)
{
    const std::string name{mode.name};
    Trials trials{mode, seed};
    std::uint32_t failed = 0;
    for (std::uint32_t number = 1; number <= count; ++number) {
        try {
            trials.trial(number);
        } catch (const std::exception& error) {
            ++failed;
            std::printf("%s: trial %u of seed %llu failed: %s\n", name.c_str(), number,
                        static_cast<unsigned long long>(seed), error.what());
        }
        std::fflush(stdout);
    }
    std::printf("%s: %u trials with seed %llu, %u failed", name.c_str(), count, static_cast<unsigned long long>(seed),
                failed);
    for (const auto& [what, times] : trials.counts()) std::printf("; %s %u", what.c_str(), times);
    std::printf("\n");
    return failed;
}

}  // namespace

int main(int argc, char** argv)
{
    std::uint32_t trials = 200;
    std::uint64_t seed = 1;
    std::vector<std::string> names;
    for (const auto& mode : modes) names.emplace_back(mode.name);
    auto chosen = names;
    CLI::App app{"Kills a run's processes at random instants; each trial must end with the undisturbed run's bytes",
                 "fedgram-fault-trials"};
    app.add_option("--modes", chosen, "of what; all unless given")->delimiter(',')->check(CLI::IsMember(names));
    app.add_option("--trials", trials, "how many of each mode")->capture_default_str();
    app.add_option("--seed", seed, "of what happens when")->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    try {
        std::uint32_t failed = 0;
        for (const auto& mode : modes)
            if (std::ranges::find(chosen, mode.name) != chosen.end()) failed += conduct(mode, trials, seed);
        return failed == 0 ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "fedgram-fault-trials: %s\n", error.what());
        return 1;
    }
}
