// What fedgram-serve costs beside its engine: latency at batch 1 with server and generator on one core, throughput with
// dynamic batching on separate cores, and memory over the model. Engine and server take turns.
#include <sched.h>

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
#include "common/text/number_text.hpp"
#include "experiments/loading/load_generator.hpp"
#include "tests/bench/cpu_clock.hpp"
#include "tests/support/command.hpp"
#include "tests/support/served_file.hpp"
#include "tests/support/temporary_folder.hpp"

namespace {

using namespace fedgram;
using experiments::LoadOptions;
using experiments::LoadResult;

void stay_on(int core)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    if (::sched_setaffinity(0, sizeof cores, &cores) != 0) throw SystemError{"no core " + std::to_string(core)};
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

struct EngineSpeed {
    double wall_us = 0;  // an image, median
    double cpu_us = 0;   // an image, mean
};

EngineSpeed engine_speed(const client::ServedModel& model, std::size_t batch, double seconds)
{
    client::ServedNetwork network{model};
    const std::vector<float> image(model.pixels(), 0.5F);
    const std::vector<std::span<const float>> images(batch, image);
    std::vector<float> logits(batch * model.model.shape.classes);
    network.logits(images, logits);
    std::vector<double> times;
    double in_all = 0;
    const double cpu = bench::cpu_seconds_of([&] {
        while (in_all < seconds) {
            const auto begun = std::chrono::steady_clock::now();
            network.logits(images, logits);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
            times.push_back(took.count());
            in_all += took.count();
        }
    });
    const auto count = static_cast<double>(batch);
    return {median(times) * 1e6 / count, cpu * 1e6 / (count * static_cast<double>(times.size()))};
}

class Served {
public:
    Served(const std::string& file, int core, const std::vector<std::string>& options)
        : process_{"/usr/bin/taskset", words(file, core, options)}
    {
        const auto line = process_.read_line();
        if (!line.starts_with("listening ")) throw SystemError{"fedgram-serve did not start: " + process_.wait().err};
        address_ = line.substr(10);
    }

    [[nodiscard]] const std::string& address() const { return address_; }

private:
    static std::vector<std::string> words(const std::string& file, int core, const std::vector<std::string>& options)
    {
        std::vector<std::string> result{"-c", std::to_string(core), test::program("fedgram-serve"), file};
        result.insert(result.end(), options.begin(), options.end());
        return result;
    }

    test::Process process_;
    std::string address_;
};

serving::Nanoseconds nanoseconds(double seconds)
{
    return serving::Nanoseconds{static_cast<std::int64_t>(seconds * 1e9)};
}

void print_memory(const LoadResult& load)
{
    const auto resident = static_cast<double>(load.after.resident_bytes());
    const auto model = static_cast<double>(load.server.model_bytes());
    std::printf("  memory: %.1f MiB resident, %.1f MiB over the model\n", resident / 1048576,
                (resident - model) / 1048576);
}

void measure_latency(const client::ServedModel& model, const std::string& file, double seconds)
{
    stay_on(0);
    const Served server{file, 0, {}};
    const auto engine = engine_speed(model, 1, seconds);
    const auto load = experiments::load_server(
        {.address = server.address(), .load = serving::ClosedLoop{1}, .window = nanoseconds(seconds)});
    const auto percentile = [&](std::size_t i) {
        const auto& value = load.latency.percentiles[i].value;
        return value ? text::significant(value->count() * 1e6) : "(too few)";
    };
    const double computed = serving::seconds(load.computed.percentile(50)).count() * 1e6;
    std::printf(
        "batch 1, one core: engine %.1f us alone, %.1f us in the server; answer p50 %s us, p99 %s us; over the "
        "engine in the server %.1f us\n",
        engine.wall_us, computed, percentile(0).c_str(), percentile(3).c_str(),
        load.latency.percentiles[0].value.value_or(Seconds{}).count() * 1e6 - computed);
    print_memory(load);
}

void measure_throughput(const client::ServedModel& model, const std::string& file, std::size_t batch,
                        std::uint32_t connections, double seconds)
{
    stay_on(0);
    const auto engine = engine_speed(model, batch, seconds);
    stay_on(1);
    const Served server{file, 0, {"--max-batch", std::to_string(batch), "--queue-limit", std::to_string(8 * batch)}};
    const auto load = experiments::load_server({.address = server.address(),
                                                .load = serving::ClosedLoop{static_cast<std::uint32_t>(3 * batch)},
                                                .connections = connections,
                                                .pixels = experiments::PixelForm::float32,
                                                .window = nanoseconds(seconds)});
    const double rate = 1e6 / engine.wall_us;
    std::printf(
        "batches of %zu, own core: engine %.0f/s, server %.0f/s, ratio %.2f; CPU us an image: engine %.1f, server "
        "%.1f, "
        "ratio %.2f; mean batch %.1f\n",
        batch, rate, load.throughput, load.throughput / rate, engine.cpu_us, load.core_seconds_per_answer() * 1e6,
        engine.cpu_us / (load.core_seconds_per_answer() * 1e6), load.mean_batch());
    print_memory(load);
}

}  // namespace

int main(int argc, char** argv)
{
    std::vector<std::string> models{"small-cnn", "mcmahan-cnn"};
    std::size_t batch = 32;
    std::uint32_t connections = 4;
    std::size_t turns = 3;
    double seconds = 1;
    CLI::App app{"What fedgram-serve costs beside its engine", "fedgram-serve-speed"};
    app.add_option("--models", models, "built-in models")->capture_default_str();
    app.add_option("--batch", batch, "the largest batch")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--connections", connections, "of the generator")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--turns", turns, "how often each is measured")->check(CLI::PositiveNumber)->capture_default_str();
    app.add_option("--seconds", seconds, "of a window")->check(CLI::PositiveNumber)->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return exit_code_of("fedgram-serve-speed", [&] {
        const test::TemporaryFolder folder;
        for (const auto& name : models)
            for (const auto arithmetic : {test::ServedIn::float32, test::ServedIn::int8}) {
                const auto file = (folder / (name + ".fgm")).string();
                test::write_servable(file, test::built_in(name), arithmetic);
                const auto model = client::read_served_model(file);
                std::printf("%s, %s\n", name.c_str(), model.arithmetic().c_str());
                for (std::size_t turn = 0; turn < turns; ++turn) {
                    measure_latency(model, file, seconds);
                    measure_throughput(model, file, batch, connections, seconds);
                }
            }
    });
}
