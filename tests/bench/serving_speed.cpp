// How fast a server is simulated in virtual time on one core: ten million requests of one instance, of batches on four
// instances, and of a closed loop; beside a bare recursion over the same draws, which keeps no queue and no latencies.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "common/error/exit_code.hpp"
#include "common/serving/arrivals.hpp"
#include "common/serving/simulation.hpp"
#include "tests/bench/cpu_clock.hpp"

namespace {

using namespace fedgram;
using namespace fedgram::serving;

constexpr Nanoseconds millisecond{1'000'000};

PoissonRate poisson(double per_second) { return {per_second, Stream{1, Purpose::probe}}; }

struct Case {
    std::string name;
    ServingSetup setup;
};

std::vector<Case> cases(std::uint64_t requests)
{
    const auto batched = linear_service(millisecond, Nanoseconds{100'000});
    const BatcherSettings four{.max_batch = 16, .instances = 4, .queue_delay = Nanoseconds{500'000}};
    const BatcherSettings endless{.queue_limit = UINT32_MAX};
    return {
        {"one instance, Poisson, 0.8 of capacity (M/D/1)",
         {.batcher = endless, .service = linear_service(millisecond, {}), .load = poisson(800), .requests = requests}},
        {"the same, exponential service (M/M/1)",
         {.batcher = endless,
          .service = exponential_service(Stream{1, Purpose::draws}, millisecond),
          .load = poisson(800),
          .requests = requests}},
        {"batches of 16 on 4 instances, Poisson, 0.8",
         {.batcher = four, .service = batched, .load = poisson(0.8 * capacity(4, 16, batched)), .requests = requests}},
        {"the same, closed loop of 128 clients",
         {.batcher = four, .service = batched, .load = ClosedLoop{128}, .requests = requests}},
    };
}

// Lindley's recursion of M/D/1: the mean sojourn alone.
double bare_recursion(std::uint64_t requests)
{
    Arrivals arrivals{poisson(800)};
    Nanoseconds free;
    double sum = 0;
    for (std::uint64_t i = 0; i < requests; ++i) {
        const auto due = arrivals.next();
        free = std::max(free, due) + millisecond;
        sum += static_cast<double>((free - due).count());
    }
    return sum / static_cast<double>(requests);
}

void measure(std::uint64_t requests, std::size_t turns)
{
    const auto all = cases(requests);
    std::vector<std::vector<double>> times(all.size() + 1);
    double checked = 0;
    for (std::size_t turn = 0; turn < turns; ++turn) {
        times[0].push_back(bench::cpu_seconds_of([&] { checked = bare_recursion(requests); }));
        for (std::size_t i = 0; i < all.size(); ++i)
            times[i + 1].push_back(bench::cpu_seconds_of([&] { (void)simulate(all[i].setup); }));
    }
    const auto median = [](std::vector<double> values) {
        std::ranges::sort(values);
        return values[values.size() / 2];
    };
    std::printf("%llu requests, medians of %zu turns\n%-52s%9s%14s%8s\n", static_cast<unsigned long long>(requests),
                turns, "", "CPU s", "ns a request", "ratio");
    for (std::size_t i = 0; i < times.size(); ++i) {
        const double seconds = median(times[i]);
        const auto name = i == 0 ? "bare recursion, mean " + std::to_string(checked / 1e6) + " ms" : all[i - 1].name;
        std::printf("%-52s%9.3f%14.1f%8.2f\n", name.c_str(), seconds, seconds * 1e9 / static_cast<double>(requests),
                    seconds / median(times[0]));
    }
}

}  // namespace

int main(int argc, char** argv)
{
    std::uint64_t requests = 10'000'000;
    std::size_t turns = 5;
    CLI::App app{"CPU seconds of a server's simulation on one core", "fedgram-serving-speed"};
    app.add_option("--requests", requests, "virtual requests of each case")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--turns", turns, "how often each is measured, in turn")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    CLI11_PARSE(app, argc, argv);
    return fedgram::exit_code_of("fedgram-serving-speed", [&] { measure(requests, turns); });
}
