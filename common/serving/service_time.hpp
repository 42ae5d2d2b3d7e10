#pragma once

#include <cstdint>
#include <functional>
#include <span>

#include "common/random/stream.hpp"
#include "common/serving/nanoseconds.hpp"

namespace fedgram::serving {

/// How long an instance takes for a batch of so many requests that it begins at that time: from 0 to `longest_time`.
using ServiceTime = std::function<Nanoseconds(std::uint32_t batch, Nanoseconds begin)>;

/// S(b) = a + c b: what each batch takes, and each of its requests. Here and below SpecError is thrown for a time below
/// 0 or above 1000 s.
[[nodiscard]] ServiceTime linear_service(Nanoseconds each_batch, Nanoseconds each_request);

/// What a batch of one size was measured or computed to take.
struct BatchTime {
    std::uint32_t batch = 1;
    Nanoseconds time;
};

/// Between two sizes in proportion, to the nanosecond below; `times` ascend by size, from 1 to the largest batch that
/// will come. Throws SpecError for other sizes, too.
[[nodiscard]] ServiceTime tabulated_service(std::span<const BatchTime> times);

/// Each batch, of whatever size, takes an independent exponential time: the M of M/M/1.
[[nodiscard]] ServiceTime exponential_service(const Stream& stream, Nanoseconds mean);

/// Requests a second of so many instances that always find a full batch: instances b / S(b), with b the largest batch.
[[nodiscard]] double capacity(std::uint32_t instances, std::uint32_t max_batch, const ServiceTime& service);

}  // namespace fedgram::serving
