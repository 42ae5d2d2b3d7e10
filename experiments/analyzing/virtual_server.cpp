#include "experiments/analyzing/virtual_server.hpp"

#include <algorithm>
#include <cassert>
#include <memory>
#include <span>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/random/stream.hpp"
#include "common/serving/simulation.hpp"
#include "common/text/number_text.hpp"
#include "experiments/analyzing/latency_of.hpp"
#include "experiments/analyzing/shared_device.hpp"

namespace fedgram::experiments {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t requests_of_a_client = 16;
constexpr std::uint64_t least_requests = 4096;
constexpr std::uint64_t requests_at_random = 32768;
constexpr std::uint64_t most_requests_at_random = 64 * requests_at_random;
constexpr std::uint64_t warm_up = 8;    // of so many parts the first is dropped
constexpr double memories = 100;        // of a queue, that an open loop lasts for at least
constexpr double settled_error = 0.05;  // of the mean latency, its standard error
constexpr std::uint32_t most_waiting = 1024;
constexpr std::uint64_t seed = 1;  // of the gaps between requests: the same for all that is compared

constexpr Seconds longest_batch{1000};  // so that virtual time has room for any queue

std::string megabytes(double bytes) { return text::significant(bytes / 1e6) + " MB"; }

serving::ServingSetup setup_of(const analysis::Probe& probe, const std::shared_ptr<SharedDevice>& device)
{
    const auto& [configuration, load] = probe;
    serving::ServingSetup setup;
    setup.batcher.max_batch = configuration.max_batch;
    setup.batcher.instances = configuration.instances;
    setup.batcher.queue_delay = serving::Nanoseconds{std::int64_t{configuration.queue_delay_us} * 1000};
    setup.batcher.queue_limit = std::max(most_waiting, configuration.max_batch);
    setup.service = service_of(device);
    if (load.kind == analysis::Load::Kind::rate) {
        setup.load = serving::PoissonRate{load.amount, Stream{seed, Purpose::arrivals}};
        setup.requests = requests_at_random;
    } else {
        const auto clients = static_cast<std::uint32_t>(load.amount);
        setup.load = serving::ClosedLoop{clients};
        setup.batcher.queue_limit = std::max(setup.batcher.queue_limit, clients);
        setup.requests = std::max(least_requests, requests_of_a_client * clients);
    }
    return setup;
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

/// An open loop, behind the part in which its queue comes about.
struct OpenLoop {
    serving::ServingResult result{};
    serving::LatencySummary latency{};
    std::shared_ptr<SharedDevice> device{};  ///< as busy as all of it was

    /// Where less than that remains of the capacity a queue is remembered for longer than a stretch of batch means,
    /// whose spread is too small then: for about 1 / (1 - rho)^2 services of an M/D/1 queue.
    [[nodiscard]] bool is_settled(double share_of_capacity) const
    {
        const double idle = 1 - share_of_capacity;
        return latency.standard_error && *latency.standard_error <= *latency.mean * settled_error &&
               static_cast<double>(result.offered) * idle * idle >= memories;
    }
};

OpenLoop open_loop(const analysis::Probe& probe, const energy::BatchService& service, std::uint64_t requests)
{
    OpenLoop loop;
    loop.device = std::make_shared<SharedDevice>(service);
    auto setup = setup_of(probe, loop.device);
    setup.requests = requests;
    serving::LatencyRecord latencies;
    serving::BatchMeans means;
    loop.result = serving::simulate(setup, [&](const serving::RequestEnd& end) {
        if (end.fate != serving::Fate::answered || static_cast<std::uint64_t>(end.id) < requests / warm_up) return;
        latencies.add(end.ended - end.due);
        means.add(end.ended - end.due);
    });
    loop.latency = serving::latency_summary(latencies, means);
    return loop;
}

/// As long as it takes until the mean latency is known, where there is one.
OpenLoop settled_loop(const analysis::Probe& probe, const energy::BatchService& service, double capacity)
{
    auto requests = requests_at_random;
    auto loop = open_loop(probe, service, requests);
    while (probe.load.amount < capacity && !loop.is_settled(probe.load.amount / capacity) &&
           requests < most_requests_at_random)
        loop = open_loop(probe, service, requests *= 4);
    return loop;
}

}  // namespace

VirtualServer::VirtualServer(ServedModel model, std::vector<ServedDevice> devices, ServingPrices prices)
    : model_{std::move(model)}, devices_{std::move(devices)}, prices_{prices}
{
}

const ServedDevice& VirtualServer::device(const std::string& id) const
{
    const auto found = std::ranges::find(devices_, id, [](const auto& one) { return one.profile.id; });
    assert(found != devices_.end());
    return *found;
}

double VirtualServer::pue(const ServedDevice& device) const
{
    return device.profile.device_class == energy::DeviceClass::datacenter ? prices_.pue : 1;
}

std::string VirtualServer::why_not(const analysis::Configuration& configuration) const
{
    const auto& [profile, one_by_one] = device(configuration.device);
    const auto& variant = model_.variants[configuration.variant];
    const auto& id = configuration.device;
    if (profile.rate(variant.demand.arithmetic) == nullptr)
        return id + ": no rate of " + std::string{energy::name(variant.demand.arithmetic)} + " is known";
    if (profile.largest_batch && configuration.max_batch > profile.largest_batch->value)
        return id + ": takes batches of at most " + text::shortest(profile.largest_batch->value);
    if (const auto time = energy::batch_service(profile, variant.demand).seconds(configuration.max_batch);
        !(time <= longest_batch))
        return id + ": a batch takes more than " + text::shortest(longest_batch.count()) + " s";
    auto need = variant.memory(configuration.max_batch);
    need.model_bytes *= configuration.instances;
    need.activation_bytes *= configuration.instances;
    if (one_by_one)
        if (auto misfit = energy::misfit_text(*one_by_one, need); !misfit.empty()) return misfit;
    const auto bytes = static_cast<double>(need.model_bytes + need.activation_bytes);
    if (profile.memory_bytes && bytes > profile.memory_bytes->value)
        return id + ": " + megabytes(bytes) + " are more than its memory of " + megabytes(profile.memory_bytes->value);
    return {};
}

double VirtualServer::capacity(const analysis::Configuration& configuration) const
{
    const auto& profile = device(configuration.device).profile;
    const auto& demand = model_.variants[configuration.variant].demand;
    if (profile.rate(demand.arithmetic) == nullptr) return 0;
    return shared_capacity(energy::batch_service(profile, demand), configuration.instances, configuration.max_batch);
}

double VirtualServer::closed_capacity(const analysis::Probe& probe) const
{
    const auto& profile = device(probe.configuration.device).profile;
    const auto service = energy::batch_service(profile, model_.variants[probe.configuration.variant].demand);
    const auto clients = probe.load.amount;
    const auto largest = std::min(probe.configuration.max_batch, static_cast<std::uint32_t>(clients));
    return std::min(shared_capacity(service, probe.configuration.instances, largest),
                    clients / service.seconds(1).count());
}

std::optional<Joules> VirtualServer::joules_at_capacity(const analysis::Configuration& configuration) const
{
    const auto& served = device(configuration.device);
    const auto power = served.profile.power(model_.variants[configuration.variant].demand.arithmetic, 1);
    const double per_second = capacity(configuration);
    if (!power || per_second <= 0) return std::nullopt;
    return *power * Seconds{1000 / per_second} * pue(served);
}

analysis::Measurement VirtualServer::measure(const analysis::Probe& probe) const
{
    analysis::Measurement measured;
    const auto& configuration = probe.configuration;
    measured.failure = why_not(configuration);
    if (!measured.failure.empty()) return measured;

    const auto& served = device(configuration.device);
    const auto& variant = model_.variants[configuration.variant];
    const auto service = energy::batch_service(served.profile, variant.demand);
    auto shared = std::make_shared<SharedDevice>(service);
    serving::ServingResult result;
    if (probe.load.kind == analysis::Load::Kind::rate) {
        auto loop = settled_loop(probe, service, capacity(configuration));
        const double share_of_capacity = probe.load.amount / capacity(configuration);
        measured.stable = share_of_capacity < 1 && loop.is_settled(share_of_capacity);
        measured.throughput_per_s = loop.result.throughput();
        measured.latency = latency_of(loop.latency);
        shared = loop.device;
        result = std::move(loop.result);
    } else {
        std::vector<serving::Nanoseconds> ends;
        result = serving::simulate(setup_of(probe, shared),
                                   [&](const serving::RequestEnd& end) { ends.push_back(end.ended); });
        // Instances take turns, and that window may end at a better place of a turn than it begins.
        measured.throughput_per_s =
            std::min(steady_throughput(ends, static_cast<std::size_t>(probe.load.amount)), closed_capacity(probe));
        measured.latency = latency_of(result.latency());
    }
    const auto need = variant.memory(configuration.max_batch);
    measured.refused = result.refused + result.expired;
    measured.memory_bytes = static_cast<double>(configuration.instances * (need.model_bytes + need.activation_bytes));
    measured.accuracy = variant.variant.accuracy;

    if (result.answered == 0) return measured;
    // At that throughput: of the whole time, filling and draining a closed loop would count as waiting.
    const double busy = std::min(
        1.0, seconds(shared->busy()).count() / static_cast<double>(result.answered) * measured.throughput_per_s);
    const auto power = served.profile.power(variant.demand.arithmetic, busy);
    if (!power) return measured;
    const auto joules = *power * Seconds{1000 / measured.throughput_per_s} * pue(served);
    measured.joules_per_1000 = joules.count();
    if (prices_.grid) measured.grams_per_1000 = (joules * *prices_.grid).count();
    if (served.profile.idle_w) measured.idle_share = served.profile.idle_w->value * (1 - busy) / power->count();
    return measured;
}

LoadRow VirtualServer::at_capacity(const analysis::Configuration& configuration,
                                   std::span<const analysis::JournalEntry> /*measured*/) const
{
    LoadRow row{.load = "at capacity", .per_second = capacity(configuration)};
    const auto joules = joules_at_capacity(configuration);
    if (!joules) return row;
    row.joules_per_1000 = joules->count();
    if (prices_.grid) row.grams_per_1000 = (*joules * *prices_.grid).count();
    if (device(configuration.device).profile.idle_w) row.idle_share = 0;
    return row;
}

analysis::Space VirtualServer::space() const
{
    analysis::Space space;
    space.devices.clear();
    double largest_batch = 0;
    for (const auto& [profile, one_by_one] : devices_) {
        space.devices.push_back(profile.id);
        constexpr double no_limit = 1 << 20;
        largest_batch = std::max(largest_batch, profile.largest_batch ? profile.largest_batch->value : no_limit);
    }
    space.variants = places_of_variants(model_);
    std::erase_if(space.max_batches, [&](std::uint32_t batch) { return batch > largest_batch; });
    return space;
}

std::string VirtualServer::why_unknown(analysis::Metric metric) const
{
    using analysis::Metric;
    if (metric == Metric::accuracy) return why_no_accuracy(model_);
    if (metric == Metric::core_seconds)
        return "it is known of what is measured alone; give --here in the place of --device";
    if (metric == Metric::grams && !prices_.grid) return "nobody says where the devices are; give --country";
    if (metric != Metric::joules && metric != Metric::grams) return {};
    const auto has_watts = [&](const ServedDevice& served) {
        return std::ranges::any_of(model_.variants, [&](const ServedVariant& one) {
            return served.profile.power(one.demand.arithmetic, 1).has_value();
        });
    };
    return std::ranges::any_of(devices_, has_watts)
               ? std::string{}
               : "the watts of no device that was named are known; name one of which they are, by --device";
}

std::vector<std::string> VirtualServer::notes() const
{
    std::vector<std::string> notes;
    for (const auto& [profile, one_by_one] : devices_) {
        const bool is_in_data_centre = profile.device_class == energy::DeviceClass::datacenter;
        auto note = profile.id + ": watts enclose the " + profile.boundary +
                    (is_in_data_centre ? ", times a PUE of " + text::shortest(prices_.pue) : "");
        if (!profile.busy_w && !one_by_one)
            note += "; its watts aren't known, so neither are joules";
        else if (!profile.idle_w)
            note += "; its idle watts aren't known, so that joules are those of its busy time alone";
        notes.push_back(note + ".");
        if (const auto& client = profile.client_s)
            notes.push_back(profile.id + ": p99 is the server's; its clients saw " +
                            (client->low ? text::shortest(*client->low * 1e3) + " to " : std::string{}) +
                            text::shortest(client->value * 1e3) + " ms (" + client->source + ").");
    }
    if (!prices_.grid) notes.emplace_back("No grams: no --country says where the devices are.");
    if (std::ranges::any_of(model_.variants, [](const auto& one) { return !one.variant.accuracy; }))
        notes.emplace_back("Accuracy is known of what was evaluated alone.");
    notes.emplace_back(
        "In virtual time on device profiles, not measured: S(b) = floor + max(b MACs / rate, (weights + b activations) "
        "/ bandwidth).");
    return notes;
}

std::string VirtualServer::subject() const
{
    Json all{{"pue", prices_.pue}};
    if (prices_.grid) all["grid"] = prices_.grid->count();
    for (const auto& [profile, one_by_one] : devices_)
        all["devices"].push_back(one_by_one ? to_json(*one_by_one) : to_json(profile));
    for (const auto& [variant, demand, peak_operator] : model_.variants)
        all["variants"].push_back({variant.name, energy::name(demand.arithmetic), demand.macs, demand.weight_bytes,
                                   demand.activation_bytes, demand.peak_activation_bytes,
                                   variant.accuracy ? Json(*variant.accuracy) : Json(nullptr)});
    return all.dump();
}

}  // namespace fedgram::experiments
