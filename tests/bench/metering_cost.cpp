// What metering costs, and whom it charges. Blocks of the same local training on core 0 take turns: without meters;
// with counters and power sensors sampled as in a run; beside two busy neighbours on the same core, and on the other
// one (which may be the same core's second thread). One JSON line of ratios to the block without, medians over the
// pairs.
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include "common/energy/meters/host.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/energy/meters/node_meter.hpp"
#include "common/error/exit_code.hpp"
#include "common/learning/open_engine.hpp"
#include "common/learning/training/training.hpp"
#include "common/random/stream.hpp"

namespace {

using namespace fedgram;

/// A folder like the kernel's with two packages, their memory and three power sensors; gone with the object.
class SyntheticSysfs {
public:
    SyntheticSysfs()
    {
        std::string name = (std::filesystem::temp_directory_path() / "fedgram-bench-XXXXXX").string();
        if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"no folder can be made in " + name};
        root_ = name;
        for (const std::string package : {"0", "1"}) {
            const auto zone = "class/powercap/intel-rapl:" + package;
            const auto memory = zone + "/intel-rapl:" + package + ":0";
            for (const auto& [folder, domain] :
                 {std::pair{zone, "package-" + package}, std::pair{memory, std::string{"dram"}}}) {
                set(folder + "/name", domain);
                set(folder + "/energy_uj", "1000000");
                set(folder + "/max_energy_range_uj", "262143328850");
            }
        }
        for (const std::string sensor : {"1", "2", "3"}) {
            set("class/hwmon/hwmon0/power" + sensor + "_input", "45000000");
            set("class/hwmon/hwmon0/power" + sensor + "_label", "rail " + sensor);
        }
        set("class/hwmon/hwmon0/name", "bench");
        ::setenv("FEDGRAM_SYSFS", root_.c_str(), 1);
    }
    ~SyntheticSysfs() { std::filesystem::remove_all(root_); }

private:
    void set(const std::string& file, const std::string& text) const
    {
        std::filesystem::create_directories((root_ / file).parent_path());
        std::ofstream{root_ / file} << text << "\n";
    }

    std::filesystem::path root_;
};

void stay_on(int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(core, &set);
    if (::sched_setaffinity(0, sizeof set, &set) != 0)
        throw std::runtime_error{"core " + std::to_string(core) + " is not there to be used"};
}

/// Two processes that do nothing but use a core, each for a minute at most; gone with the object.
class Neighbours {
public:
    explicit Neighbours(int core)
    {
        for (int i = 0; i < 2; ++i) {
            const auto pid = ::fork();
            if (pid == 0) {
                ::alarm(60);
                stay_on(core);
                for (std::atomic<unsigned> spin{};;) spin.fetch_add(1, std::memory_order_relaxed);
            }
            if (pid > 0) pids_.push_back(pid);
        }
    }
    ~Neighbours()
    {
        for (const auto pid : pids_) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
    }

private:
    std::vector<pid_t> pids_;
};

struct Block {
    double process_cpu_seconds;
    double node_cpu_seconds;
    double wall_seconds;
};

double median(std::vector<double> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

/// Median over the pairs of a figure of `with` over the same of `without`.
double ratio(const std::vector<Block>& with, const std::vector<Block>& without, double Block::*figure)
{
    std::vector<double> ratios;
    for (std::size_t i = 0; i < with.size(); ++i) ratios.push_back(with[i].*figure / without[i].*figure);
    return median(std::move(ratios));
}

void measure(std::uint32_t pairs, std::uint32_t samples)
{
    const auto model = learning::build_model({.name = "small-cnn", .layers = {}, .torchscript = {}}, {});
    const spec::Optimizer optimizer{.learning_rate = 0.03, .momentum = 0.9};
    const auto engine = learning::open_engine("torch");
    const auto replica = engine->replica(model, optimizer);
    const auto start = learning::initial_parameters(model, 1);

    Stream stream{1, Purpose::subset};
    std::vector<std::uint8_t> pixels(std::size_t{samples} * 784);
    std::vector<std::uint8_t> labels(samples);
    for (auto& pixel : pixels) pixel = static_cast<std::uint8_t>(stream.below(256));
    for (auto& label : labels) label = static_cast<std::uint8_t>(stream.below(10));
    std::vector<std::uint32_t> indices(samples);
    std::iota(indices.begin(), indices.end(), 0U);
    const spec::Normalization normalization{.mean = {0.286}, .standard_deviation = {0.353}};

    stay_on(0);
    const SyntheticSysfs sysfs;
    const energy::CorePower core_power{Watts{4}, Watts{7}, Watts{12}};
    const auto block = [&](bool metered) {
        const auto wall = std::chrono::steady_clock::now();
        const double before = energy::process_cpu_seconds();
        const auto meters =
            energy::start_host_meters(metered ? energy::HostMetering{true, core_power} : energy::HostMetering{});
        energy::NodeMeter node{core_power};
        replica->begin(start, 1);
        (void)learning::train_locally(*replica, model, {pixels, labels}, indices, normalization, 1, 32, optimizer, {},
                                      [] { return true; });
        const double node_seconds = node.cost().cpu_seconds;
        (void)energy::records(meters.get(), "bench");
        return Block{energy::process_cpu_seconds() - before, node_seconds,
                     std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count()};
    };

    (void)block(false);  // the first steps are slow
    std::vector<Block> plain;
    std::vector<Block> metered;
    std::vector<Block> same_core;
    std::vector<Block> other_core;
    for (std::uint32_t pair = 0; pair < pairs; ++pair) {
        // Whoever comes second in a pair may find a warmer machine: take turns.
        if (pair % 2 == 1) metered.push_back(block(true));
        plain.push_back(block(false));
        if (pair % 2 == 0) metered.push_back(block(true));
        {
            const Neighbours neighbours{0};
            same_core.push_back(block(false));
        }
        const Neighbours neighbours{1};
        other_core.push_back(block(false));
    }
    std::printf("{\"pairs\": %u, \"cpu_seconds_a_block\": %.3f, \"metered_over_plain_cpu_seconds\": %.4f, ", pairs,
                plain.front().process_cpu_seconds, ratio(metered, plain, &Block::process_cpu_seconds));
    for (const auto& [where, blocks] : {std::pair{"same", &same_core}, std::pair{"other", &other_core}})
        std::printf("\"neighbours_on_%s_core\": {\"node_cpu_seconds\": %.4f, \"wall_seconds\": %.4f}%s", where,
                    ratio(*blocks, plain, &Block::node_cpu_seconds), ratio(*blocks, plain, &Block::wall_seconds),
                    blocks == &same_core ? ", " : "}\n");
}

}  // namespace

int main(int argc, char** argv)
{
    std::uint32_t pairs = 11;
    std::uint32_t samples = 12'000;
    CLI::App app{"What metering costs a training, and what a busy neighbour adds to a node's estimate, as JSON",
                 "fedgram-metering-cost"};
    app.add_option("--pairs", pairs, "pairs of blocks")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--samples", samples, "samples trained in a block")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-metering-cost", [&] { measure(pairs, samples); });
}
