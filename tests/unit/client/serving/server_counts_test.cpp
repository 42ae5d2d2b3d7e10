#include "client/serving/server_counts.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::client;
using serving::Nanoseconds;
using Reason = wire::InferenceRefusal;

TEST_CASE("A server counts its batches by size, what waited, and whom it refused", "[serving]")
{
    ServerCounts counts;
    counts.batch_ended(3, Nanoseconds{50});
    for (const int waited : {5, 4, 3}) counts.answered(Nanoseconds{waited});
    counts.batch_ended(1, Nanoseconds{20});
    counts.answered(Nanoseconds{});
    counts.waits(7);
    counts.waits(2);
    for (const auto reason : {Reason::QUEUE_FULL, Reason::QUEUE_FULL, Reason::DEADLINE, Reason::STOPPING,
                              Reason::BAD_SIZE, Reason::NOT_FINITE})
        counts.refused(reason);
    const auto metrics = counts.metrics(2, 5, Nanoseconds{99});
    CHECK(metrics.answered() == 4);
    CHECK(std::vector<std::uint64_t>{metrics.batches().begin(), metrics.batches().end()} ==
          std::vector<std::uint64_t>{1, 0, 1});
    CHECK(metrics.queue_ns() == 12);
    CHECK(metrics.compute_ns() == 70);
    CHECK(metrics.most_waiting() == 7);
    CHECK(metrics.waiting() == 2);
    CHECK(metrics.connections() == 5);
    CHECK(metrics.queue_full() == 2);
    CHECK(metrics.expired() == 1);
    CHECK(metrics.stopping() == 1);
    CHECK(metrics.bad_image() == 2);
    CHECK(metrics.uptime_ns() == 99);
    CHECK(metrics.resident_bytes() > 1'000'000);
    CHECK(metrics.core_seconds() > 0);
}
