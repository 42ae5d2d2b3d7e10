#pragma once

#include <cstdint>
#include <optional>

#include "common/energy/pricing/batch_service.hpp"
#include "common/serving/latency_record.hpp"
#include "common/serving/latency_summary.hpp"
#include "common/units/quantity.hpp"
#include "experiments/analysis/configuration.hpp"

namespace fedgram::experiments {

/// What comes of a load in virtual time.
struct VirtualLoad {
    double throughput = 0;  ///< answers a second
    serving::LatencySummary latency{};
    serving::LatencyRecord waits{};  ///< of the same answers, until their batch began
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;  ///< or expired
    Seconds busy{};       ///< of the device, over all answers; server and clients claim no more than its cores have
    bool settled = true;  ///< of an open loop: its mean latency is known
};

/// Asks a service as the probe says: the same probe, the same load. A closed loop has 16 requests of each client and at
/// least 4,096, and its throughput is that between the first and the last of each, at most its capacity. An open one
/// comes at random (Poisson), and 1,024 may wait. Its first eighth is dropped, in which its queue comes about, and it
/// goes on from 32,768 requests until the standard error of the mean latency is at most 5 % of it, and it lasted for
/// 100 / (1 - rho)^2 of them, or to 2,097,152: near capacity a queue takes long to show what it is like.
///
/// With `requests` an open loop has just so many, and none is dropped: the same gaps as of a measured load, so that
/// they are the same requests.
///
/// `service` is that of a closed loop; in an open one it is energy::in_open_loop.
[[nodiscard]] VirtualLoad virtual_load(const energy::BatchService& service, const analysis::Probe& probe,
                                       std::optional<std::uint64_t> requests = {});

}  // namespace fedgram::experiments
