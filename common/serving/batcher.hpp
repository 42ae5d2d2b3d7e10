#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/serving/nanoseconds.hpp"
#include "common/serving/request_queue.hpp"

namespace fedgram::serving {

inline constexpr std::uint32_t largest_batch = 1U << 20;

/// How requests are put together. `Batcher` refuses what isn't valid.
struct BatcherSettings {
    std::uint32_t max_batch = 1;       ///< requests of a batch, at most; 1 to `largest_batch`
    std::uint32_t instances = 1;       ///< copies of the model, each with one batch at a time; 1 to 65,536
    Nanoseconds queue_delay{};         ///< for which a batch that isn't full waits for more, from its oldest's arrival
    std::uint32_t queue_limit = 1024;  ///< requests that wait, at most; at least max_batch - 1
    std::optional<Nanoseconds> deadline{};  ///< a request that hasn't begun so long after its arrival expires;
                                            ///< longer than queue_delay. Nothing: it waits for ever
};

/// What a batcher wants done. The spans hold until its next event.
struct Decision {
    std::span<const QueuedRequest> batch;    ///< begins now, oldest first; empty: none does
    std::uint32_t instance = 0;              ///< that runs it
    std::span<const QueuedRequest> expired;  ///< whose deadline is over, oldest first
    bool refused = false;                    ///< the request that has just arrived: the queue is full
    std::optional<Nanoseconds> wake_at{};    ///< then call `time_passes`, unless another event comes first
};

/// The dynamic batcher, as NVIDIA's Triton Inference Server documents its own: an instance that is free takes what
/// waits, in the order of arrival, up to the largest batch. With a queue delay a batch that isn't full waits until its
/// oldest request has waited that long; a full one leaves at once.
///
/// A plain state machine, for a server as for a simulation: it knows no clock, thread or socket. Times never go back. A
/// decision begins one batch at most, since whatever is ready leaves at the event that makes it ready. While an
/// instance is free nothing is refused. Of several free instances the one that was freed last is taken, as its caches
/// are warm.
///
/// O(1) for each request, amortized; once the queue has had its greatest length, nothing is allocated.
class Batcher {
public:
    /// Throws SpecError: which setting, and what would be valid.
    explicit Batcher(const BatcherSettings& settings);

    [[nodiscard]] Decision request_arrives(RequestId request, Nanoseconds now);
    /// The instance has finished its batch.
    [[nodiscard]] Decision instance_is_free(std::uint32_t instance, Nanoseconds now);
    [[nodiscard]] Decision time_passes(Nanoseconds now);
    /// From now on no batch waits for more: there won't be any.
    [[nodiscard]] Decision end_delay(Nanoseconds now);

    [[nodiscard]] std::size_t waiting() const { return queue_.size(); }
    [[nodiscard]] std::size_t free_instances() const { return free_.size(); }

private:
    void expire(Nanoseconds now);
    void begin_batch(Nanoseconds now, Decision& decision);
    [[nodiscard]] std::optional<Nanoseconds> wake_at() const;

    BatcherSettings settings_;
    RequestQueue queue_;
    std::vector<std::uint32_t> free_;  // the last one first
    std::vector<QueuedRequest> batch_;
    std::vector<QueuedRequest> expired_;
};

}  // namespace fedgram::serving
