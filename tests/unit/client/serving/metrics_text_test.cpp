#include "client/serving/metrics_text.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using Catch::Contains;

TEST_CASE("What a server has done is there for Prometheus, in base units", "[serving]")
{
    wire::ServerMetrics metrics;
    metrics.set_answered(7);
    metrics.set_queue_full(1);
    metrics.set_expired(2);
    metrics.set_stopping(3);
    metrics.set_bad_image(4);
    for (const int batches : {3, 0, 1}) metrics.add_batches(static_cast<std::uint64_t>(batches));
    metrics.set_waiting(5);
    metrics.set_most_waiting(9);
    metrics.set_connections(6);
    metrics.set_queue_ns(1'500'000'000);
    metrics.set_compute_ns(250'000'000);
    metrics.set_resident_bytes(4096);
    metrics.set_core_seconds(0.125);
    metrics.set_uptime_ns(2'000'000'000);
    const auto text = client::metrics_text(metrics);
    for (const char* line :
         {"fedgram_serve_answers_total 7\n", "fedgram_serve_refused_total{reason=\"queue_full\"} 1\n",
          "fedgram_serve_refused_total{reason=\"deadline\"} 2\n",
          "fedgram_serve_refused_total{reason=\"stopping\"} 3\n",
          "fedgram_serve_refused_total{reason=\"bad_image\"} 4\n", "fedgram_serve_batches_total{requests=\"1\"} 3\n",
          "fedgram_serve_batches_total{requests=\"3\"} 1\n", "fedgram_serve_busy_seconds_total 0.25\n",
          "fedgram_serve_queue_seconds_total 1.5\n", "fedgram_serve_core_seconds_total 0.125\n",
          "fedgram_serve_waiting 5\n", "fedgram_serve_most_waiting 9\n", "fedgram_serve_connections 6\n",
          "fedgram_serve_resident_bytes 4096\n", "fedgram_serve_uptime_seconds 2\n"})
        CHECK_THAT(text, Contains(line));
    CHECK_THAT(text, !Contains("requests=\"2\""));
}
