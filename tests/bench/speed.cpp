// Whole workloads and single engines beside their yardsticks, in one call on the same cores: the plain LibTorch loop as
// installed and with malloc's thresholds raised, the same loop in Python, and the BLAS's matrix products. Prints a
// table, and each figure as a JSON line for --json.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <future>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "tests/bench/measured_command.hpp"

namespace {

using namespace fedgram;
using bench::Measured;
using bench::Memory;
using bench::run_measured;
using nlohmann::ordered_json;

struct Options {
    int repetitions = 3;
    int rounds = 3;  // of workload A
    int pfl_rounds = 20;
    std::vector<int> cores{0, 1};
    std::filesystem::path json{};
    std::filesystem::path python_loop{};
    std::vector<std::string> only{};
};

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    const auto half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

class Report {
public:
    explicit Report(const std::filesystem::path& json)
    {
        if (!json.empty()) lines_.open(json);
        std::printf("%-44s %12s %12s %12s %8s %8s\n", "figure", "ours", "loop", "loop, malloc", "ratio", "malloc");
    }

    void add(const std::string& figure, const std::vector<double>& ours, const std::vector<double>& plain,
             const std::vector<double>& tuned)
    {
        const double to_plain = ratio(ours, plain);
        const double to_tuned = ratio(ours, tuned);
        std::printf("%-44s %12.4g %12.4g %12.4g %8.3g %8.3g\n", figure.c_str(), median(ours), median(plain),
                    median(tuned), to_plain, to_tuned);
        write({{"figure", figure},
               {"ours", ours},
               {"loop", plain},
               {"loop_malloc", tuned},
               {"ratio", to_plain},
               {"ratio_malloc", to_tuned}});
    }

    void add(const std::string& figure, const std::vector<double>& ours, const std::vector<double>& in_python)
    {
        std::printf("%-44s %12.4g %12.4g %12s %8.3g\n", figure.c_str(), median(ours), median(in_python), "",
                    ratio(ours, in_python));
        write({{"figure", figure}, {"ours", ours}, {"loop_in_python", in_python}, {"ratio", ratio(ours, in_python)}});
    }

    void add(const std::string& figure, double value)
    {
        std::printf("%-44s %12.4g\n", figure.c_str(), value);
        write({{"figure", figure}, {"ours", value}});
    }

private:
    /// The median over pairs: ratios are taken within each repetition.
    static double ratio(const std::vector<double>& ours, const std::vector<double>& yardstick)
    {
        std::vector<double> ratios;
        for (std::size_t i = 0; i < ours.size(); ++i) ratios.push_back(ours[i] / yardstick[i]);
        return median(ratios);
    }

    void write(const ordered_json& line)
    {
        std::fflush(stdout);
        if (lines_.is_open()) lines_ << line.dump() << std::endl;
    }

    std::ofstream lines_;
};

class Speed {
public:
    explicit Speed(Options options)
        : options_{std::move(options)},
          bin_{std::filesystem::read_symlink("/proc/self/exe").parent_path()},
          scratch_{std::filesystem::temp_directory_path() / ("fedgram-speed-" + std::to_string(getpid()))},
          report_{options_.json}
    {
    }
    Speed(const Speed&) = delete;
    Speed& operator=(const Speed&) = delete;
    ~Speed() { std::filesystem::remove_all(scratch_); }

    void measure()
    {
        section("engine", [this] {
            for (const auto& [model, batch] : {std::pair{"small-cnn", 32}, std::pair{"small-cnn", 10},
                                               std::pair{"workload-a-cnn", 32}, std::pair{"mcmahan-cnn", 32}})
                engine(model, batch);
        });
        section("a", [this] {
            const std::string rounds = std::to_string(options_.rounds);
            workload("A", {"workload-a", "--set", "federated.max_rounds=" + rounds},
                     {"--model", "workload-a-cnn", "--rounds", rounds, "--lr", "0.05", "--momentum", "0"},
                     {"--model", "workload-a-cnn", "--rounds", rounds, "--nodes", "10", "--samples-per-node", "6000"});
        });
        section("b", [this] {
            workload("B", {"workload-b"},
                     {"--model", "mlp-32", "--nodes", "100", "--samples-per-node", "60", "--rounds", "50", "--lr",
                      "0.05", "--momentum", "0"},
                     {"--model", "mlp-32", "--rounds", "50", "--nodes", "100", "--samples-per-node", "60"});
        });
        section("pfl", [this] {
            const std::string rounds = std::to_string(options_.pfl_rounds);
            workload("pfl-cifar10", {"pfl-cifar10", "--set", "federated.max_rounds=" + rounds},
                     {"--model",
                      "pfl-simple-cnn",
                      "--dataset",
                      "synthetic-cifar10",
                      "--nodes",
                      "1000",
                      "--cohort",
                      "50",
                      "--samples-per-node",
                      "50",
                      "--batch",
                      "10",
                      "--rounds",
                      rounds,
                      "--evaluate-every",
                      "10",
                      "--lr",
                      "0.1",
                      "--momentum",
                      "0"});
        });
        section("cores", [this] { second_core(); });
    }

private:
    void section(const std::string& name, const std::function<void()>& body)
    {
        if (options_.only.empty() || std::ranges::find(options_.only, name) != options_.only.end()) body();
    }

    [[nodiscard]] std::vector<int> first_core() const { return {options_.cores.front()}; }

    Measured program(const std::string& name, std::vector<std::string> arguments, const std::vector<int>& cores,
                     Memory memory = Memory::ignored) const
    {
        arguments.insert(arguments.begin(), (bin_ / name).string());
        return run_measured(arguments, cores, memory);
    }

    Measured federation(const std::vector<std::string>& spec, const std::vector<int>& cores,
                        Memory memory = Memory::ignored) const
    {
        std::filesystem::remove_all(scratch_);
        std::vector<std::string> arguments{"run"};
        arguments.insert(arguments.end(), spec.begin(), spec.end());
        arguments.insert(arguments.end(), {"--out", scratch_.string()});
        return program("fedgram", arguments, cores, memory);
    }

    void engine(const std::string& model, int batch)
    {
        const std::vector<std::string> common{"--model", model, "--batch", std::to_string(batch)};
        auto loop = common;
        loop.insert(loop.end(), {"--nodes", "1", "--samples-per-node", "3000"});
        auto tuned = loop;
        tuned.emplace_back("--malloc");
        std::vector<double> ours[2], plain[2], malloc[2], share, evaluation;
        for (int i = 0; i < options_.repetitions; ++i) {
            const auto take = [](const Measured& measured, std::vector<double>(&into)[2]) {
                const auto json = ordered_json::parse(measured.out);
                into[0].push_back(json.at("train_samples_per_cpu_second"));
                into[1].push_back(json.at("evaluate_samples_per_cpu_second"));
                return json;
            };
            take(program("fedgram-plain-loop", loop, first_core()), plain);
            take(program("fedgram-plain-loop", tuned, first_core()), malloc);
            const auto json = take(program("fedgram-engine-speed", common, first_core()), ours);
            share.push_back(json.at("train_flops_per_cpu_second").get<double>() /
                            json.at("sgemm_flops_per_cpu_second").get<double>());
            evaluation.push_back(json.at("evaluation_over_forward_sgemm"));
        }
        const auto name = model + ", batch " + std::to_string(batch) + ": ";
        report_.add(name + "train, samples/s", ours[0], plain[0], malloc[0]);
        report_.add(name + "evaluate, samples/s", ours[1], plain[1], malloc[1]);
        report_.add(name + "train over sgemm rate", median(share));
        report_.add(name + "evaluate over forward sgemm", median(evaluation));
    }

    /// CPU seconds of whole processes, and seconds of a round without start and data.
    struct Times {
        std::vector<double> cpu;
        std::vector<double> round;
    };

    void workload(const std::string& name, const std::vector<std::string>& spec, const std::vector<std::string>& loop,
                  std::vector<std::string> python = {})
    {
        auto tuned = loop;
        tuned.emplace_back("--malloc");
        const bool in_python = !options_.python_loop.empty() && !python.empty();
        if (in_python) python.insert(python.begin(), options_.python_loop.string());
        Times ours, plain, malloc, pythons;
        const auto note = [](const Measured& measured, Times& times) {
            times.cpu.push_back(measured.cpu_seconds);
            times.round.push_back(ordered_json::parse(measured.out).at("wall_seconds_per_round"));
        };
        for (int i = 0; i < options_.repetitions; ++i) {
            note(program("fedgram-plain-loop", loop, first_core()), plain);
            note(program("fedgram-plain-loop", tuned, first_core()), malloc);
            if (in_python) note(run_measured(python, first_core(), Memory::ignored), pythons);
            ours.cpu.push_back(federation(spec, first_core()).cpu_seconds);
            ours.round.push_back(1 / rounds_per_second());
        }
        report_.add("workload " + name + ": CPU s, all processes", ours.cpu, plain.cpu, malloc.cpu);
        report_.add("workload " + name + ": s a round, one core", ours.round, plain.round, malloc.round);
        if (in_python) {
            report_.add("workload " + name + ": CPU s, beside Python's loop", ours.cpu, pythons.cpu);
            report_.add("workload " + name + ": s a round, beside Python's loop", ours.round, pythons.round);
        }
        report_.add("workload " + name + ": peak MiB, all processes",
                    federation(spec, first_core(), Memory::watched).peak_bytes / 1048576);
        for (const auto& cores : {first_core(), options_.cores}) {
            std::vector<double> rates;
            for (int i = 0; i < options_.repetitions; ++i) {
                federation(spec, cores);
                rates.push_back(rounds_per_second());
            }
            report_.add("workload " + name + ": rounds/s on " + std::to_string(cores.size()) + " cores", median(rates));
        }
    }

    /// Of the last federation.
    [[nodiscard]] double rounds_per_second() const
    {
        const auto training = summary().at("trainings").front();
        return training.at("rounds").get<double>() / training.at("host_wall_seconds").get<double>();
    }

    [[nodiscard]] ordered_json summary() const
    {
        std::ifstream file{scratch_ / "summary.json"};
        return ordered_json::parse(file);
    }

    // One round of many local epochs, so that what is not training hardly counts.
    void second_core()
    {
        const auto samples_per_second = [&](const std::string& processes) {
            federation({"workload-a", "--set", "federated.max_rounds=1", "--set", "federated.local_epochs=3",
                        "--client-processes", processes},
                       options_.cores);
            return 3 * 60'000 / summary().at("trainings").front().at("host_wall_seconds").get<double>();
        };
        std::vector<double> ratios, bare;
        for (int i = 0; i < options_.repetitions; ++i) {
            const double one = samples_per_second("1");
            ratios.push_back(samples_per_second("2") / one);
            bare.push_back(bare_engines());
        }
        report_.add("two client processes over one, samples/s", median(ratios));
        report_.add("two bare engines over one, samples/s", median(bare));
    }

    /// What this machine's second core adds for engines that have nothing to do with each other: cores share caches,
    /// memory and clock.
    [[nodiscard]] double bare_engines() const
    {
        const auto rate = [this](int core) {
            const auto measured =
                program("fedgram-engine-speed", {"--model", "workload-a-cnn", "--samples", "60000"}, {core});
            return ordered_json::parse(measured.out).at("train_samples_per_cpu_second").get<double>();
        };
        const double alone = rate(options_.cores.front());
        auto other = std::async(std::launch::async, rate, options_.cores.back());
        return (rate(options_.cores.front()) + other.get()) / alone;
    }

    Options options_;
    std::filesystem::path bin_;
    std::filesystem::path scratch_;
    Report report_;
};

}  // namespace

int main(int argc, char** argv)
{
    Options options;
    CLI::App app{"Fedgram beside a plain LibTorch loop and the BLAS, as a table", "fedgram-speed"};
    app.add_option("--repetitions", options.repetitions, "of each pair")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--rounds", options.rounds, "of workload A")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--pfl-rounds", options.pfl_rounds, "of pfl-cifar10")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--cores", options.cores, "two cores; the first alone where one is enough")
        ->expected(2)
        ->capture_default_str();
    app.add_option("--json", options.json, "file for a JSON line a figure");
    app.add_option("--python-loop", options.python_loop,
                   "plain_loop.py, for workloads a and b beside the loop in Python as well")
        ->check(CLI::ExistingFile);
    app.add_option("--only", options.only, "sections: engine, a, b, pfl, cores")
        ->check(CLI::IsMember({"engine", "a", "b", "pfl", "cores"}));
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-speed", [&] { Speed{std::move(options)}.measure(); });
}
