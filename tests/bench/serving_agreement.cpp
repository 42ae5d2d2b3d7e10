// How far a server in virtual time is from the real one: the engine's own time for batches of 1, 2, 4, ... is measured
// by calling the network, and drives the simulation; fedgram-serve is loaded with the same clients. Engine and server
// take turns.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "client/serving/served_model.hpp"
#include "client/serving/served_network.hpp"
#include "common/error/error.hpp"
#include "common/error/exit_code.hpp"
#include "common/serving/simulation.hpp"
#include "experiments/loading/load_generator.hpp"
#include "tests/support/command.hpp"
#include "tests/support/served_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace fedgram;
using serving::BatchTime;
using serving::Nanoseconds;

constexpr std::uint64_t requests = 20'000;  // of a simulation

Nanoseconds nanoseconds(double seconds) { return Nanoseconds{static_cast<std::int64_t>(seconds * 1e9)}; }

/// S(b), medians.
std::vector<BatchTime> engine_times(const client::ServedModel& model, std::uint32_t most, double seconds)
{
    client::ServedNetwork network{model};
    const std::vector<float> image(model.pixels(), 0.5F);
    std::vector<BatchTime> result;
    for (std::uint32_t batch = 1; batch <= most; batch *= 2) {
        const std::vector<std::span<const float>> images(batch, image);
        std::vector<float> logits(batch * model.model.shape.classes);
        std::vector<double> times;
        for (double in_all = 0; in_all < seconds; in_all += times.back()) {
            const auto begun = std::chrono::steady_clock::now();
            network.logits(images, logits);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
            times.push_back(took.count());
        }
        std::ranges::nth_element(times, times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2));
        result.push_back({batch, nanoseconds(times[times.size() / 2])});
    }
    return result;
}

struct Case {
    std::uint32_t max_batch;
    std::uint32_t instances;
    std::uint32_t clients;
};

struct Answers {
    double per_second = 0;
    double p99_ms = 0;  // 0: too few
};

Answers answers(double per_second, const serving::LatencySummary& latency)
{
    return {per_second, latency.percentiles[3].value.value_or(Seconds{}).count() * 1e3};
}

Answers simulated(const Case& of, const std::vector<BatchTime>& times)
{
    serving::ServingSetup setup;
    setup.batcher.max_batch = of.max_batch;
    setup.batcher.instances = of.instances;
    setup.batcher.queue_limit = 1024;
    setup.service = serving::tabulated_service(times);
    setup.load = serving::ClosedLoop{of.clients};
    setup.requests = requests;
    const auto result = serving::simulate(setup);
    return answers(result.throughput(), result.latency());
}

Answers measured(const Case& of, const std::string& file, double seconds)
{
    const test::Process server{"fedgram-serve",
                               {file, "--max-batch", std::to_string(of.max_batch), "--instances",
                                std::to_string(of.instances), "--queue-limit", "1024"}};
    const auto line = server.read_line();
    if (!line.starts_with("listening ")) throw SystemError{"fedgram-serve did not start"};
    const auto load = experiments::load_server({.address = line.substr(10),
                                                .load = serving::ClosedLoop{of.clients},
                                                .connections = std::min(of.clients, 4U),
                                                .window = nanoseconds(seconds)});
    return answers(load.throughput, load.latency);
}

double per_cent(double measured, double simulated) { return 100 * (measured / simulated - 1); }

}  // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> models{"small-cnn", "resnet-8"};
    double seconds = 1;
    CLI::App app{"How far a server in virtual time is from the real one", "fedgram-serving-agreement"};
    app.add_option("--models", models, "built-in models")->capture_default_str();
    app.add_option("--seconds", seconds, "of a window, and of each size of batch")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return exit_code_of("fedgram-serving-agreement", [&] {
        const test::TemporaryFolder folder;
        for (const auto& name : models) {
            const auto file = (folder / (name + ".fgm")).string();
            test::write_servable(file, test::built_in(name));
            const auto model = client::read_served_model(file);
            const auto times = engine_times(model, 32, seconds);
            std::printf("%s: S(b) in us:", name.c_str());
            for (const auto& [batch, time] : times)
                std::printf(" %u: %.0f", batch, static_cast<double>(time.count()) / 1e3);
            std::printf("\nbatch inst. clients | answers/s virtual  measured       | p99 ms virtual  measured\n");
            for (const Case& one : {Case{1, 1, 1}, Case{1, 1, 2}, Case{8, 1, 16}, Case{32, 1, 64}, Case{8, 2, 32}}) {
                const auto in_virtual_time = simulated(one, times);
                const auto here = measured(one, file, seconds);
                std::printf("%5u %5u %7u | %17.0f %9.0f %+5.0f %% | %14.2f %9.2f %+5.0f %%\n", one.max_batch,
                            one.instances, one.clients, in_virtual_time.per_second, here.per_second,
                            per_cent(here.per_second, in_virtual_time.per_second), in_virtual_time.p99_ms, here.p99_ms,
                            per_cent(here.p99_ms, in_virtual_time.p99_ms));
            }
        }
    });
}
