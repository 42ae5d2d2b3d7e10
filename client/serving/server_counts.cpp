#include "client/serving/server_counts.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>

namespace fedgram::client {

namespace {

double seconds(const timeval& time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

double core_seconds()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::uint64_t resident_bytes()
{
    std::uint64_t in_all = 0, resident = 0;
    std::ifstream{"/proc/self/statm"} >> in_all >> resident;  // in pages
    return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

void ServerCounts::batch_ended(std::size_t requests, serving::Nanoseconds computed)
{
    auto& batches = *so_far_.mutable_batches();
    while (static_cast<std::size_t>(batches.size()) < requests) batches.Add(0);
    auto& count = batches[static_cast<int>(requests) - 1];
    ++count;
    so_far_.set_compute_ns(so_far_.compute_ns() + static_cast<std::uint64_t>(computed.count()));
}

void ServerCounts::answered(serving::Nanoseconds queued)
{
    so_far_.set_answered(so_far_.answered() + 1);
    so_far_.set_queue_ns(so_far_.queue_ns() + static_cast<std::uint64_t>(queued.count()));
}

void ServerCounts::refused(wire::InferenceRefusal::Reason reason)
{
    switch (reason) {
        case wire::InferenceRefusal::QUEUE_FULL:
            so_far_.set_queue_full(so_far_.queue_full() + 1);
            break;
        case wire::InferenceRefusal::DEADLINE:
            so_far_.set_expired(so_far_.expired() + 1);
            break;
        case wire::InferenceRefusal::STOPPING:
            so_far_.set_stopping(so_far_.stopping() + 1);
            break;
        default:
            so_far_.set_bad_image(so_far_.bad_image() + 1);
            break;
    }
}

void ServerCounts::waits(std::size_t requests)
{
    so_far_.set_most_waiting(std::max(so_far_.most_waiting(), static_cast<std::uint32_t>(requests)));
}

wire::ServerMetrics ServerCounts::metrics(std::size_t waiting, std::size_t connections,
                                          serving::Nanoseconds uptime) const
{
    auto metrics = so_far_;
    metrics.set_waiting(static_cast<std::uint32_t>(waiting));
    metrics.set_connections(static_cast<std::uint32_t>(connections));
    metrics.set_uptime_ns(static_cast<std::uint64_t>(uptime.count()));
    metrics.set_resident_bytes(resident_bytes());
    metrics.set_core_seconds(core_seconds());
    return metrics;
}

}  // namespace fedgram::client
