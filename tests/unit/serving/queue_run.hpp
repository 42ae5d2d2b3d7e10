#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>

#include <catch2/catch.hpp>

#include "common/serving/simulation.hpp"
#include "tests/unit/serving/milliseconds.hpp"

namespace fedgram::serving::test {

/// What one server with an endless queue makes of random requests, one by one, in units of its mean service time.
struct QueueRun {
    double mean = 0;  ///< sojourn
    double standard_error = 0;
    double p99 = 0;
};

enum class ServiceKind { deterministic, exponential };

inline QueueRun queue_run(ServiceKind kind, double utilization, std::uint64_t requests)
{
    const auto service = kind == ServiceKind::deterministic ? linear_service(ms(1), {})
                                                            : exponential_service(Stream{1, Purpose::draws}, ms(1));
    const auto latency = simulate({.batcher = {.queue_limit = UINT32_MAX},
                                   .service = service,
                                   .load = PoissonRate{1000 * utilization, Stream{1, Purpose::arrivals}},
                                   .requests = requests})
                             .latency();
    return {latency.mean->count() * 1000, latency.standard_error->count() * 1000,
            latency.percentiles[3].value->count() * 1000};
}

/// Khinchine 1932, Pollaczek 1930: the mean wait of M/G/1 is lambda E[S^2] / (2 (1 - rho)); with the service itself, in
/// units of its mean. E[S^2] is 1 for a time that is always the same and 2 for an exponential one, of M/M/1, whose
/// sojourn is 1 / (1 - rho) then.
inline double mean_sojourn(ServiceKind kind, double utilization)
{
    const double second_moment = kind == ServiceKind::deterministic ? 1 : 2;
    return 1 + utilization * second_moment / (2 * (1 - utilization));
}

inline void print(const std::string& queue, double utilization, std::uint64_t requests, const QueueRun& run,
                  double theory)
{
    std::printf("%s at %.2f, %llu requests: mean sojourn %.4f, theory %.4f (%+.2f %%; three standard errors %.2f %%)\n",
                queue.c_str(), utilization, static_cast<unsigned long long>(requests), run.mean, theory,
                100 * (run.mean / theory - 1), 300 * run.standard_error / theory);
}

/// By name in failures and prints.
inline std::string name(ServiceKind kind) { return kind == ServiceKind::deterministic ? "M/D/1" : "M/M/1"; }

/// Holds so many requests against theory: the mean sojourn to 2 % and to three standard errors, and the p99 of M/M/1,
/// whose sojourn is exponential.
inline void check_queue(ServiceKind kind, double utilization, std::uint64_t requests)
{
    const auto run = queue_run(kind, utilization, requests);
    const double theory = mean_sojourn(kind, utilization);
    print(name(kind), utilization, requests, run, theory);
    CAPTURE(name(kind), utilization, run.mean, run.standard_error);
    CHECK(run.mean == Approx(theory).epsilon(0.02));
    CHECK(std::abs(run.mean - theory) < 3 * run.standard_error);
    if (kind == ServiceKind::exponential) CHECK(run.p99 == Approx(std::log(100) / (1 - utilization)).epsilon(0.03));
}

}  // namespace fedgram::serving::test
