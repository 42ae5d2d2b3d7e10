#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace fedgram::experiments::analysis {

/// How long answers took, from when their requests were due. A percentile is nothing where the requests are too few
/// for it (`serving::requests_needed`).
struct Latency {
    std::uint64_t requests = 0;  ///< of which it is
    std::optional<double> p50_ms{};
    std::optional<double> p90_ms{};
    std::optional<double> p95_ms{};
    std::optional<double> p99_ms{};
    /// Times throughput the requests that are there on average (Little 1961), those on the way included.
    std::optional<double> mean_ms{};
    std::optional<double> mean_queue_ms{};  ///< of that, until a request's batch begins

    friend bool operator==(const Latency&, const Latency&) = default;
};

/// What 1,000 answers cost beside their joules and grams.
struct Costs {
    std::optional<double>
        usd{};  ///< the server's: rent of what is there for them, or electricity where no rent is known
    std::optional<double> device_seconds{};  ///< of what is there for them, waiting included
    std::optional<double> busy_share{};      ///< of that time, or of the cores' where these are counted; 0 to 1
    std::optional<double> network_joules{};  ///< between clients and server, where that is asked for
    std::optional<double> network_grams{};

    friend bool operator==(const Costs&, const Costs&) = default;
};

/// What came of a probe. What isn't known is nothing, and keeps no constraint.
struct Measurement {
    std::string failure{};        ///< one line: why it can't be run, as when memory doesn't suffice; empty where it ran
    bool stable = true;           ///< false: its windows never agreed, as when more is asked than can be answered
    double throughput_per_s = 0;  ///< answers
    Latency latency{};
    std::uint64_t refused = 0;             ///< requests without an answer: the queue was full, or their deadline over
    std::optional<double> memory_bytes{};  ///< of all instances
    std::optional<double> accuracy{};      ///< the variant's
    std::optional<double> joules_per_1000{};  ///< answers, at this load, without the network
    std::optional<double> grams_per_1000{};
    std::optional<double> idle_share{};  ///< of the joules, those of waiting; 0 to 1
    std::optional<double> core_seconds_per_1000{};
    Costs costs{};

    /// It ran, and is stable: otherwise it is worse than any that did.
    [[nodiscard]] bool counts() const { return failure.empty() && stable; }

    friend bool operator==(const Measurement&, const Measurement&) = default;
};

}  // namespace fedgram::experiments::analysis
