#include "experiments/analyzing/virtual_load.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <vector>

#include "common/random/stream.hpp"
#include "common/serving/simulation.hpp"
#include "experiments/analyzing/shared_device.hpp"

namespace fedgram::experiments {

namespace {

constexpr std::uint64_t requests_of_a_client = 16;
constexpr std::uint64_t least_requests = 4096;
constexpr std::uint64_t requests_at_random = 32768;
constexpr std::uint64_t most_requests_at_random = 64 * requests_at_random;
constexpr std::uint64_t warm_up = 8;    // of so many parts the first is dropped
constexpr double memories = 100;        // of a queue, that an open loop lasts for at least
constexpr double settled_error = 0.05;  // of the mean latency, its standard error
constexpr std::uint32_t most_waiting = 1024;
constexpr std::uint64_t seed = 1;  // of the gaps between requests: the same for all that is compared

Seconds wake_of(const energy::BatchService& service)
{
    return service.form ? Seconds{service.form->wake_s.value} : Seconds{};
}

serving::Nanoseconds nanoseconds(double seconds)
{
    return serving::Nanoseconds{std::llround(seconds * serving::nanoseconds_per_second)};
}

double round_trip_of(const energy::BatchService& service)
{
    return service.form ? service.form->round_trip_s.value : 0;
}

/// Server and clients write and read one after the other: what each takes of a core, the next one waits for. Requests
/// of an open loop come by themselves, so that of the two ways it is one.
double round_trip_more(const energy::BatchService& service, bool is_open)
{
    if (!service.form) return 0;
    const auto& form = *service.form;
    return (form.server_request_core_s.value + form.client_request_core_s.value) / (is_open ? 2 : 1);
}

serving::ServingSetup setup_of(const analysis::Probe& probe, const std::shared_ptr<SharedDevice>& device,
                               const energy::BatchService& service, std::uint64_t requests)
{
    const auto& [configuration, load] = probe;
    serving::ServingSetup setup;
    setup.batcher.max_batch = configuration.max_batch;
    setup.batcher.instances = configuration.instances;
    setup.batcher.queue_delay = serving::Nanoseconds{std::int64_t{configuration.queue_delay_us} * 1000};
    setup.batcher.queue_limit = std::max(most_waiting, configuration.max_batch);
    setup.service = service_of(device);
    setup.round_trip = nanoseconds(round_trip_of(service));
    setup.round_trip_more = nanoseconds(round_trip_more(service, load.kind == analysis::Load::Kind::rate));
    if (load.kind == analysis::Load::Kind::rate) {
        setup.load = serving::PoissonRate{load.amount, Stream{seed, Purpose::arrivals}};
        setup.requests = requests;
    } else {
        const auto clients = static_cast<std::uint32_t>(load.amount);
        setup.load = serving::ClosedLoop{clients};
        setup.batcher.queue_limit = std::max(setup.batcher.queue_limit, clients);
        setup.requests = std::max(least_requests, requests_of_a_client * clients);
    }
    return setup;
}

/// Of a closed loop: no batch has more than all its clients, and none of them is answered sooner than by itself.
double closed_capacity(const energy::BatchService& service, const analysis::Probe& probe)
{
    const auto clients = probe.load.amount;
    const auto largest = std::min(probe.configuration.max_batch, static_cast<std::uint32_t>(clients));
    return std::min(shared_capacity(service, probe.configuration.instances, largest),
                    clients / (service.seconds(1).count() + round_trip_of(service)));
}

/// What is answered while each client has a request: a closed loop begins with an empty server and ends with one, which
/// would count for several per cent. `ends` ascend. Both times are ends of batches, so that whole batches lie between.
double steady_throughput(std::span<const serving::Nanoseconds> ends, std::size_t clients)
{
    const auto from = ends[clients - 1];
    const auto to = ends[ends.size() - clients - 1];
    const auto answers = std::ranges::upper_bound(ends, to) - std::ranges::upper_bound(ends, from);
    return static_cast<double>(answers) / seconds(to - from).count();
}

/// Over the answers. In the time that they took at the load's throughput server and clients have no more than all
/// cores: where these are busy none has to be woken, and both take less than by themselves.
Seconds busy_of(const SharedDevice& device, const VirtualLoad& load)
{
    const auto busy = serving::seconds(device.busy());
    const double claimed = serving::seconds(device.claimed()).count();
    const double time = static_cast<double>(load.answered) / load.throughput;
    return claimed > time ? busy * (time / claimed) : busy;
}

VirtualLoad closed_loop(const energy::BatchService& service, const analysis::Probe& probe)
{
    const auto device = std::make_shared<SharedDevice>(service);
    std::vector<serving::Nanoseconds> ends;
    const auto result = serving::simulate(setup_of(probe, device, service, {}),
                                          [&](const serving::RequestEnd& end) { ends.push_back(end.ended); });
    VirtualLoad load;
    // Instances take turns, and that window may end at a better place of a turn than it begins.
    load.throughput =
        std::min(steady_throughput(ends, static_cast<std::size_t>(probe.load.amount)), closed_capacity(service, probe));
    load.latency = result.latency();
    load.waits = result.waits;
    load.answered = result.answered;
    load.refused = result.refused + result.expired;
    load.busy = busy_of(*device, load);
    return load;
}

/// Of so many requests, of which the first `dropped` don't count as latency.
VirtualLoad open_loop(const energy::BatchService& service, const analysis::Probe& probe, std::uint64_t requests,
                      std::uint64_t dropped)
{
    const auto device = std::make_shared<SharedDevice>(energy::in_open_loop(service), wake_of(service));
    serving::LatencyRecord latencies;
    serving::LatencyRecord waits;
    serving::BatchMeans means;
    const auto result =
        serving::simulate(setup_of(probe, device, service, requests), [&](const serving::RequestEnd& end) {
            if (end.fate != serving::Fate::answered || static_cast<std::uint64_t>(end.id) < dropped) return;
            latencies.add(end.had - end.due);
            waits.add(end.begun - end.due);
            means.add(end.had - end.due);
        });
    VirtualLoad load;
    load.throughput = result.throughput();
    load.latency = serving::latency_summary(latencies, means);
    load.waits = waits;
    load.answered = result.answered;
    load.refused = result.refused + result.expired;
    load.busy = busy_of(*device, load);
    return load;
}

/// Where little remains of the capacity a queue is remembered for longer than a stretch of batch means, whose spread is
/// too small then: for about 1 / (1 - rho)^2 services of an M/D/1 queue.
bool is_settled(const serving::LatencySummary& latency, double share_of_capacity, std::uint64_t requests)
{
    const double idle = 1 - share_of_capacity;
    return idle > 0 && latency.standard_error && *latency.standard_error <= *latency.mean * settled_error &&
           static_cast<double>(requests) * idle * idle >= memories;
}

/// As long as it takes until the mean latency is known, where there is one.
VirtualLoad settled_loop(const energy::BatchService& service, const analysis::Probe& probe)
{
    const auto& configuration = probe.configuration;
    const double share_of_capacity =
        probe.load.amount /
        shared_capacity(energy::in_open_loop(service), configuration.instances, configuration.max_batch);
    for (auto requests = requests_at_random;; requests *= 4) {
        auto load = open_loop(service, probe, requests, requests / warm_up);
        load.settled = is_settled(load.latency, share_of_capacity, requests);
        if (load.settled || share_of_capacity >= 1 || requests >= most_requests_at_random) return load;
    }
}

}  // namespace

VirtualLoad virtual_load(const energy::BatchService& service, const analysis::Probe& probe,
                         std::optional<std::uint64_t> requests)
{
    if (probe.load.kind == analysis::Load::Kind::concurrency) return closed_loop(service, probe);
    return requests ? open_loop(service, probe, *requests, 0) : settled_loop(service, probe);
}

}  // namespace fedgram::experiments
