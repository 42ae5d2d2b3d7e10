#include "common/serving/service_time.hpp"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "common/error/error.hpp"
#include "common/serving/batcher.hpp"
#include "common/serving/exponential.hpp"

namespace fedgram::serving {

namespace {

constexpr Nanoseconds longest_service{1000 * nanoseconds_per_second};

void check_time(const std::string& what, Nanoseconds time)
{
    if (time < Nanoseconds{} || time > longest_service)
        throw SpecError{what + ": " + std::to_string(time.count()) + " ns is not valid; use 0 to 1000 s"};
}

void check(std::span<const BatchTime> times)
{
    std::uint32_t before = 0;
    for (const auto& [batch, time] : times) {
        check_time("service time of a batch of " + std::to_string(batch), time);
        if (batch <= before || (before == 0 && batch != 1) || batch > largest_batch)
            throw SpecError{"service times: a batch of " + std::to_string(batch) + " behind one of " +
                            std::to_string(before) + " is not valid; let sizes ascend from 1 to at most " +
                            std::to_string(largest_batch)};
        before = batch;
    }
    if (times.empty()) throw SpecError{"service times: none is not valid; give that of a batch of 1 at least"};
}

}  // namespace

ServiceTime linear_service(Nanoseconds each_batch, Nanoseconds each_request)
{
    check_time("service time of each batch", each_batch);
    check_time("service time of each request", each_request);
    return [each_batch, each_request](std::uint32_t batch, Nanoseconds) { return each_batch + each_request * batch; };
}

ServiceTime tabulated_service(std::span<const BatchTime> times)
{
    check(times);
    std::vector<Nanoseconds> by_size{times.front().time};  // at b - 1
    for (std::size_t i = 1; i < times.size(); ++i) {
        const auto& [from, before] = times[i - 1];
        const auto& [to, time] = times[i];
        for (auto batch = from + 1; batch <= to; ++batch) {
            const double share = static_cast<double>(batch - from) / (to - from);
            const double more = std::floor(static_cast<double>((time - before).count()) * share);
            by_size.push_back(before + Nanoseconds{static_cast<std::int64_t>(more)});
        }
    }
    return [by_size = std::move(by_size)](std::uint32_t batch, Nanoseconds) {
        if (batch > by_size.size())
            throw SpecError{"max_batch: " + std::to_string(batch) + " is not valid; service times are known up to " +
                            std::to_string(by_size.size())};
        return by_size[batch - 1];
    };
}

ServiceTime exponential_service(const Stream& stream, Nanoseconds mean)
{
    check_time("mean service time", mean);
    return [draws = stream, mean_ns = static_cast<double>(mean.count())](std::uint32_t, Nanoseconds) mutable {
        return Nanoseconds{static_cast<std::int64_t>(std::floor(exponential(draws, mean_ns) + 0.5))};
    };
}

double capacity(std::uint32_t instances, std::uint32_t max_batch, const ServiceTime& service)
{
    const double seconds_a_batch = seconds(service(max_batch, Nanoseconds{})).count();
    return static_cast<double>(instances) * max_batch / seconds_a_batch;
}

}  // namespace fedgram::serving
