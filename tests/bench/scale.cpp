// How Fedgram grows with its nodes: `fedgram run` of a tiny model with more and more of them, of which the same share
// takes part in each round; each draws its own samples. A table, a JSON line for each size, and a plot. Everything is
// read from the run's folder and from /proc.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "tests/bench/line_plot.hpp"
#include "tests/bench/loopback.hpp"
#include "tests/bench/process_memory.hpp"
#include "tests/support/command.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace fedgram;
using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

struct Options {
    std::vector<std::uint32_t> nodes{100, 1'000, 10'000, 100'000};
    double share = 0.01;
    std::uint32_t samples = 60;
    std::uint32_t rounds = 30;
    std::uint32_t client_processes = 2;
    std::optional<std::string> fleet;
    std::optional<std::filesystem::path> json;
    std::optional<std::filesystem::path> plot;
};

/// What a process of the run has taken so far.
struct Taken {
    std::string program;
    double cpu_seconds = 0;
    double peak_bytes = 0;  // proportional
};

/// Looks at the processes that `launcher` has started.
void watch(pid_t launcher, std::map<pid_t, Taken>& processes)
{
    const auto pid = std::to_string(launcher);
    std::ifstream children{"/proc/" + pid + "/task/" + pid + "/children"};
    for (pid_t child = 0; children >> child;) {
        try {
            auto& taken = processes[child];
            std::ifstream{"/proc/" + std::to_string(child) + "/comm"} >> taken.program;
            taken.cpu_seconds = bench::cpu_seconds_of(child);
            taken.peak_bytes = std::max(taken.peak_bytes, bench::memory_of(child).proportional);
        } catch (const SystemError&) {
            // It has just ended.
        }
    }
}

std::vector<Json> lines_of(const std::filesystem::path& file)
{
    std::ifstream stream{file};
    std::vector<Json> lines;
    for (std::string line; std::getline(stream, line);) lines.push_back(Json::parse(line));
    return lines;
}

Json measure(std::uint32_t nodes, const Options& options)
{
    const test::TemporaryFolder folder;
    const auto run = folder / "run";
    const auto processes = std::min(options.client_processes, nodes);
    const auto loopback = bench::loopback_bytes();
    std::vector<std::string> arguments{
        "run",
        "workload-b",
        "--out",
        run.string(),
        "--client-processes",
        std::to_string(processes),
        "--set",
        "data.train_samples=60000",
        "--set",
        "federated.nodes=" + std::to_string(nodes),
        "--set",
        "federated.client_fraction=" + std::to_string(options.share),
        "--set",
        R"(federated.partition={"kind":"draws","samples_per_node":)" + std::to_string(options.samples) + "}",
        "--set",
        "federated.max_rounds=" + std::to_string(options.rounds)};
    if (options.fleet)
        arguments.insert(arguments.end(), {"--set", "federated.fleet=" + test::read_file(*options.fleet)});
    test::Process launcher{"fedgram", arguments};
    const auto pid = launcher.pid();
    std::map<pid_t, Taken> taken;
    // Read to its end by another thread, so that the launcher never waits for us.
    std::optional<test::Outcome> outcome;
    std::atomic<bool> ended{false};
    std::thread reader{[&] {
        outcome = launcher.wait();
        ended = true;
    }};
    while (!ended) {
        watch(pid, taken);
        std::this_thread::sleep_for(100ms);
    }
    reader.join();
    if (outcome->exit_code != 0) throw SystemError{"fedgram run failed: " + outcome->err};

    const auto summary = Json::parse(test::read_file(run / "summary.json"))["trainings"][0];
    const auto ends = lines_of(run / "events.jsonl").back();
    std::uint64_t updates = 0;
    for (const auto& round : lines_of(run / "rounds.jsonl")) updates += round["participants"].get<std::uint64_t>();
    const double rounds = options.rounds;
    std::map<std::string, double> memory;
    std::map<std::string, double> cpu;
    for (const auto& [process, each] : taken) {
        memory[each.program] += each.peak_bytes;
        cpu[each.program] += each.cpu_seconds;
    }
    constexpr double mebibyte = 1024 * 1024;
    const auto messages = ends["bytes_sent"].get<double>() + ends["bytes_received"].get<double>();
    Json line{{"nodes", nodes}, {"cohort", static_cast<double>(updates) / rounds}, {"client_processes", processes}};
    line["rounds_per_s"] = rounds / summary["host_wall_seconds"].get<double>();
    line["nodes_trained_per_s"] = static_cast<double>(updates) / summary["host_wall_seconds"].get<double>();
    line["coordinator_mib"] = memory["fedgram-coordin"] / mebibyte;
    line["clients_mib"] = memory["fedgram-client"] / mebibyte;
    line["coordinator_cpu_ms_per_round"] = cpu["fedgram-coordin"] / rounds * 1e3;
    line["clients_cpu_ms_per_round"] = cpu["fedgram-client"] / rounds * 1e3;
    line["loopback_bytes_per_round"] = static_cast<double>(bench::loopback_bytes() - loopback) / rounds;
    line["loopback_bytes_per_message_byte"] = static_cast<double>(bench::loopback_bytes() - loopback) / messages;
    return line;
}

void draw(const std::vector<Json>& lines, const std::filesystem::path& file)
{
    const auto points = [&](const char* key) {
        std::vector<std::pair<double, double>> result;
        for (const auto& line : lines) result.emplace_back(line["nodes"].get<double>(), line[key].get<double>());
        return result;
    };
    auto inverse = points("rounds_per_s");
    for (auto& [nodes, rate] : inverse) rate = inverse.front().second * inverse.front().first / nodes;
    std::ofstream stream{file};
    stream << bench::svg(
        {{"Speed", "nodes", "rounds a second", {{"measured", points("rounds_per_s")}, {"1/n", inverse}}},
         {"Memory",
          "nodes",
          "MiB",
          {{"coordinator", points("coordinator_mib")}, {"clients together", points("clients_mib")}}},
         {"Traffic", "nodes", "bytes a round", {{"on loopback", points("loopback_bytes_per_round")}}}});
    if (!stream) throw SystemError{file.string() + " can't be written"};
}

void measure_all(const Options& options)
{
    if (!bench::enter_own_network())
        std::printf("Others may use this loopback meanwhile: run as root for one of its own.\n");
    std::printf(
        "%g of the nodes a round, %u samples each, mlp-32, %u rounds with an evaluation each, %u client processes\n",
        options.share, options.samples, options.rounds, options.client_processes);
    std::printf("%8s %8s %10s %12s %16s %12s %18s %14s %14s %12s\n", "nodes", "cohort", "rounds/s", "x nodes",
                "coordinator MiB", "clients MiB", "coordinator ms", "clients ms", "bytes/round", "bytes/byte");
    std::vector<Json> lines;
    for (const auto nodes : options.nodes) {
        lines.push_back(measure(nodes, options));
        const auto& line = lines.back();
        const auto number = [&](const char* key) { return line[key].get<double>(); };
        std::printf("%8u %8.0f %10.3g %12.0f %16.1f %12.1f %18.1f %14.1f %14.4g %12.4f\n", nodes, number("cohort"),
                    number("rounds_per_s"), number("rounds_per_s") * nodes, number("coordinator_mib"),
                    number("clients_mib"), number("coordinator_cpu_ms_per_round"), number("clients_cpu_ms_per_round"),
                    number("loopback_bytes_per_round"), number("loopback_bytes_per_message_byte"));
        std::fflush(stdout);
    }
    if (options.json) {
        std::ofstream stream{*options.json};
        for (const auto& line : lines) stream << line.dump() << "\n";
        if (!stream) throw SystemError{options.json->string() + " can't be written"};
    }
    if (options.plot) draw(lines, *options.plot);
}

}  // namespace

int main(int argc, char** argv)
{
    Options options;
    CLI::App app{"How rounds a second, memory and bytes grow with the number of nodes", "fedgram-scale"};
    app.add_option("--nodes", options.nodes, "numbers of nodes, as in 100,1000")->delimiter(',')->capture_default_str();
    app.add_option("--share", options.share, "of the nodes that take part in a round")
        ->check(CLI::Range(0.0, 1.0))
        ->capture_default_str();
    app.add_option("--samples", options.samples, "that each node draws")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--rounds", options.rounds, "of each run")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--client-processes", options.client_processes, "that host the nodes")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--fleet", options.fleet, "file with the groups of a fleet, which the nodes are")
        ->check(CLI::ExistingFile);
    app.add_option("--json", options.json, "file for the figures, a JSON line for each number of nodes");
    app.add_option("--plot", options.plot, "file for a picture of them, as SVG");
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-scale", [&] { measure_all(options); });
}
