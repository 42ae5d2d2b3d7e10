#pragma once

#include <cstdint>
#include <optional>

#include "common/energy/pricing/batch_service.hpp"
#include "common/serving/latency_summary.hpp"
#include "common/units/quantity.hpp"
#include "experiments/analysis/configuration.hpp"

namespace fedgram::experiments {

/// What comes of a load in virtual time.
struct VirtualLoad {
    double throughput = 0;  ///< answers a second
    serving::LatencySummary latency{};
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;  ///< or expired
    Seconds busy{};             ///< of the device, over all answers (SharedDevice::busy)
};

/// Asks a service as the probe says: the same probe, the same load. A closed loop has 16 requests of each client and at
/// least 4,096, and its throughput is that between the first and the last of each, at most its capacity; an open one
/// 32,768 at random (Poisson), or `requests`, of which 1,024 may wait: the same gaps as of a measured load, so that the
/// first ones are the same requests.
///
/// `service` is that of a closed loop; in an open one it is energy::in_open_loop.
[[nodiscard]] VirtualLoad virtual_load(const energy::BatchService& service, const analysis::Probe& probe,
                                       std::optional<std::uint64_t> requests = {});

}  // namespace fedgram::experiments
