#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "common/serving/batch_means.hpp"
#include "common/serving/batcher.hpp"
#include "common/serving/latency_record.hpp"
#include "common/serving/latency_summary.hpp"
#include "common/serving/load.hpp"
#include "common/serving/service_time.hpp"

namespace fedgram::serving {

/// A server in virtual time, and what is asked of it.
struct ServingSetup {
    BatcherSettings batcher{};
    ServiceTime service;
    Load load;
    std::uint64_t requests = 1;  ///< in all; what is asked of it at last is still answered
    /// From an answer's end at the server to its client, and from there to the server: it keeps no instance, is part of
    /// each latency, and in a closed loop it is how long after an answer the next request comes. Clients have their
    /// answers in the order in which batches end.
    Nanoseconds round_trip{};
    Nanoseconds round_trip_more{};  ///< for each answer of the same batch ahead of it
};

enum class Fate { answered, refused, expired };

/// What became of a request.
struct RequestEnd {
    RequestId id{};  ///< 0, 1, ... in the order of arrival
    Fate fate = Fate::answered;
    Nanoseconds due;    ///< when it arrived: in virtual time no generator is late
    Nanoseconds begun;  ///< with its batch; where it has no answer, its end
    Nanoseconds ended;  ///< at the server
    Nanoseconds had;    ///< its client has the answer; where it has none, its end

    friend bool operator==(const RequestEnd&, const RequestEnd&) = default;
};

/// Each end in the order of time.
using RequestObserver = std::function<void(const RequestEnd&)>;

struct ServingResult {
    std::uint64_t offered = 0;
    std::uint64_t answered = 0;
    std::uint64_t refused = 0;           ///< the queue was full
    std::uint64_t expired = 0;           ///< the deadline was over before the batch began
    Nanoseconds ended;                   ///< the last of them
    std::vector<std::uint64_t> batches;  ///< by the number of their requests, from 0 (of which there are none)
    std::vector<Nanoseconds> busy;       ///< by instance
    LatencyRecord latencies;             ///< of answers, from when the request was due to when its client has it
    LatencyRecord waits;                 ///< of answers, until the batch began
    BatchMeans means;                    ///< of the latencies

    /// Answers a second, up to `ended`.
    [[nodiscard]] double throughput() const;
    /// Instance-seconds in all.
    [[nodiscard]] Seconds busy_time() const;
    [[nodiscard]] LatencySummary latency() const { return latency_summary(latencies, means); }
    /// N = X R (Little 1961): answers a second times their mean latency are the requests that are in the server, or on
    /// the way, on average. In a closed loop that must be its concurrency, but for the ends of the run.
    [[nodiscard]] double mean_in_server() const { return throughput() * latencies.mean().count(); }
};

/// The discrete events of the setup, from an empty server to an empty server. At the same instant batches end first (of
/// several, that of the lowest instance), then delays and deadlines are over, then requests arrive. Throws SpecError
/// for settings that aren't valid, for a closed loop whose clients wouldn't all have room in queue and instances, so
/// that one would be refused over and over at the same instant, and when more than 10^18 ns (31 years) pass.
[[nodiscard]] ServingResult simulate(const ServingSetup& setup, const RequestObserver& observer = {});

}  // namespace fedgram::serving
