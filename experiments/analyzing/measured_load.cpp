#include "experiments/analyzing/measured_load.hpp"

#include <algorithm>
#include <chrono>
#include <string>

#include "common/energy/meters/discover.hpp"
#include "common/energy/meters/meter.hpp"
#include "common/error/error.hpp"
#include "common/random/stream.hpp"
#include "common/serving/windows.hpp"
#include "experiments/analyzing/attempts.hpp"
#include "experiments/analyzing/server_process.hpp"
#include "experiments/loading/load_generator.hpp"

namespace fedgram::experiments {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t most_waiting = 1024;
constexpr std::uint32_t most_connections = 4;
constexpr std::uint64_t seed = 1;  // of the gaps between requests: the same for all that is compared

std::vector<std::string> server_options(const analysis::Probe& probe)
{
    const auto& [configuration, load] = probe;
    auto most = std::max(most_waiting, configuration.max_batch);
    if (load.kind == analysis::Load::Kind::concurrency) most = std::max(most, static_cast<std::uint32_t>(load.amount));
    return {"--instances",      std::to_string(configuration.instances),
            "--max-batch",      std::to_string(configuration.max_batch),
            "--queue-delay-us", std::to_string(configuration.queue_delay_us),
            "--queue-limit",    std::to_string(most)};
}

serving::Nanoseconds nanoseconds(Seconds time)
{
    return serving::Nanoseconds{static_cast<std::int64_t>(time.count() * serving::nanoseconds_per_second)};
}

LoadOptions load_options(const analysis::Load& load, const std::string& address, Seconds shortest,
                         const std::optional<Seconds>& duration)
{
    LoadOptions options;
    options.address = address;
    options.connections = most_connections;
    options.window = nanoseconds(shortest * (1 / static_cast<double>(serving::agreeing_windows)));
    if (duration) options.duration = nanoseconds(*duration);
    if (load.kind == analysis::Load::Kind::rate) {
        options.load = serving::PoissonRate{load.amount, Stream{seed, Purpose::arrivals}};
    } else {
        const auto clients = static_cast<std::uint32_t>(load.amount);
        options.load = serving::ClosedLoop{clients};
        options.connections = std::min(clients, most_connections);
    }
    return options;
}

/// In windows of a third of that time, unless a duration is said.
MeasuredLoad attempt(const analysis::Load& load, const std::string& address, Seconds shortest,
                     const LoadMeasuring& measuring)
{
    energy::MeterSampler sampler{energy::discover_machine(measuring.sys).meters, energy::sampling_period};
    const auto begun = Clock::now();
    MeasuredLoad measured{
        .result = load_server(load_options(load, address, shortest, measuring.duration)), .meters = {}, .took = {}};
    const std::chrono::duration<double> took = Clock::now() - begun;
    sampler.stop();
    measured.meters = sampler.readings();
    measured.took = Seconds{took.count()};
    return measured;
}

/// In as many attempts as are worth it, or for as long as was said.
MeasuredLoad until_stable(const analysis::Load& load, const std::string& address, const LoadMeasuring& measuring)
{
    auto length = measuring.shortest;
    auto measured = attempt(load, address, length, measuring);
    if (measuring.duration) return measured;
    for (unsigned made = 1; made < most_attempts && is_worth_repeating(measured.result, load); ++made) {
        length = length * 2;
        measured = attempt(load, address, length, measuring);
    }
    return measured;
}

}  // namespace

MeasuredLoad measured_load(const std::filesystem::path& model, const analysis::Probe& probe,
                           const LoadMeasuring& measuring)
{
    ServerProcess server{model, server_options(probe)};
    try {
        return until_stable(probe.load, server.address(), measuring);
    } catch (ProtocolError& error) {
        if (const auto how = server.ending()) error.add_way_out("fedgram-serve ended by " + *how);
        throw;
    }
}

}  // namespace fedgram::experiments
