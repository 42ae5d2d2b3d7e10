#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "common/serving/simulation.hpp"
#include "experiments/analysis/configuration.hpp"
#include "experiments/analysis/measurement.hpp"

namespace fedgram::experiments::analysis {

/// A model on a device: a batch of b takes a + c b, of which a is a host's work and launches, and c b the device's,
/// which `units` instances have side by side and all others share.
struct Served {
    std::string name;
    double each_batch_us = 100;
    double each_request_us = 100;
    unsigned units = 1;
    double memory_mb = 100;  ///< of an instance
    double buffer_mb = 1;    ///< of each request of a batch
    double device_mb = 1e6;
    double idle_w = 10;  ///< of the device
    double busy_w = 20;

    [[nodiscard]] double batch_us(unsigned batch, unsigned instances) const
    {
        const auto crowd = std::max(1.0, static_cast<double>(instances) / units);
        return std::max(each_batch_us + each_request_us * batch, crowd * each_request_us * batch);
    }
    [[nodiscard]] double memory_of(const Configuration& configuration) const
    {
        return configuration.instances * (memory_mb + buffer_mb * configuration.max_batch);
    }
};

/// Three models, each on three devices: an accelerator whose launches weigh much, one that holds little, and one that
/// has two batches side by side.
inline std::vector<Served> three_models_on_three_devices()
{
    struct Device {
        std::string name;
        double launch_us, mflop_per_us;
        unsigned units;
        double device_mb, idle_w, busy_w;
    };
    struct Model {
        std::string name;
        double kernels, mflop, mb;
    };
    std::vector<Served> all;
    for (const auto& device : {Device{"accelerator", 8, 4, 1, 16000, 30, 70}, Device{"edge", 20, 0.5, 1, 1000, 2, 10},
                               Device{"two-way", 5, 10, 2, 40000, 60, 400}})
        for (const auto& model :
             {Model{"small", 12, 2, 1}, Model{"medium", 60, 80, 30}, Model{"large", 180, 1200, 100}})
            all.push_back({model.name + " on " + device.name, model.kernels * device.launch_us,
                           model.mflop / device.mflop_per_us, device.units, model.mb + 50, model.mb / 20,
                           device.device_mb, device.idle_w, device.busy_w});
    return all;
}

/// On a processor of four cores, where a batch gains next to nothing.
inline const Served on_a_processor{"medium on processor", 30, 1600, 4, 80, 1.5, 64000, 60, 200};

/// What can be told without a queue: a closed loop of n clients keeps batches of at most n / instances under way, and
/// waits for those of the clients before it.
inline Measurement by_formula(const Served& served, const Probe& probe)
{
    const auto& [configuration, load] = probe;
    Measurement measurement;
    if (served.memory_of(configuration) > served.device_mb) return {.failure = "memory doesn't suffice"};
    const auto clients = load.amount;
    const auto used = std::min<double>(configuration.instances, clients);
    const auto batch = std::clamp(std::ceil(clients / used / 2), 1.0, static_cast<double>(configuration.max_batch));
    const auto takes = served.batch_us(static_cast<unsigned>(batch), static_cast<unsigned>(used));
    measurement.throughput_per_s = used * batch / takes * 1e6;
    measurement.latency = {.requests = 1000,
                           .p99_ms = std::max(takes / 1e3, clients / measurement.throughput_per_s * 1e3)};
    measurement.memory_bytes = served.memory_of(configuration) * 1e6;
    const auto busy = std::min(1.0, used * batch * served.each_request_us / served.units / takes);
    measurement.joules_per_1000 =
        1000 * (served.idle_w + (served.busy_w - served.idle_w) * busy) / measurement.throughput_per_s;
    return measurement;
}

/// The same in virtual time.
inline Measurement by_simulation(const Served& served, const Probe& probe)
{
    const auto& [configuration, load] = probe;
    if (served.memory_of(configuration) > served.device_mb) return {.failure = "memory doesn't suffice"};
    const auto service = [&](std::uint32_t batch, serving::Nanoseconds) {
        return serving::Nanoseconds{std::llround(1000 * served.batch_us(batch, configuration.instances))};
    };
    const auto clients = static_cast<std::uint32_t>(load.amount);
    const auto result =
        serving::simulate({.batcher = {.max_batch = configuration.max_batch, .instances = configuration.instances},
                           .service = service,
                           .load = serving::ClosedLoop{clients},
                           .requests = std::max<std::uint64_t>(1000, 4 * clients)});
    Measurement measurement;
    measurement.throughput_per_s = result.throughput();
    const auto summary = result.latency();
    measurement.latency.requests = summary.requests;
    if (const auto p99 = summary.percentiles.back().value) measurement.latency.p99_ms = 1e3 * p99->count();
    measurement.memory_bytes = served.memory_of(configuration) * 1e6;
    const auto busy =
        std::min(1.0, result.busy_time().count() / configuration.instances / serving::seconds(result.ended).count());
    measurement.joules_per_1000 =
        1000 * (served.idle_w + (served.busy_w - served.idle_w) * busy) / measurement.throughput_per_s;
    return measurement;
}

}  // namespace fedgram::experiments::analysis
