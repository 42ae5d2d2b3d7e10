#include "client/serving/metrics_text.hpp"

#include <cstdint>

#include "common/text/prometheus_text.hpp"

namespace fedgram::client {

namespace {

double count(std::uint64_t number) { return static_cast<double>(number); }

double seconds(std::uint64_t nanoseconds) { return count(nanoseconds) * 1e-9; }

}  // namespace

std::string metrics_text(const wire::ServerMetrics& metrics)
{
    text::PrometheusText text;
    text.counter("fedgram_serve_answers_total", "Requests that were answered.").add({}, count(metrics.answered()));
    auto refused = text.counter("fedgram_serve_refused_total", "Requests that were refused, by reason.");
    refused.add({{"reason", "queue_full"}}, count(metrics.queue_full()));
    refused.add({{"reason", "deadline"}}, count(metrics.expired()));
    refused.add({{"reason", "stopping"}}, count(metrics.stopping()));
    refused.add({{"reason", "bad_image"}}, count(metrics.bad_image()));
    auto batches = text.counter("fedgram_serve_batches_total", "Batches that were computed, by their requests.");
    for (int i = 0; i < metrics.batches_size(); ++i)
        if (metrics.batches(i) > 0) batches.add({{"requests", std::to_string(i + 1)}}, count(metrics.batches(i)));
    text.counter("fedgram_serve_busy_seconds_total", "Time for which instances computed batches, summed over them.")
        .add({}, seconds(metrics.compute_ns()));
    text.counter("fedgram_serve_queue_seconds_total", "Time for which answered requests waited, summed over them.")
        .add({}, seconds(metrics.queue_ns()));
    text.counter("fedgram_serve_core_seconds_total", "CPU time of the process, user and system.")
        .add({}, metrics.core_seconds());
    text.gauge("fedgram_serve_waiting", "Requests in the queue.").add({}, metrics.waiting());
    text.gauge("fedgram_serve_most_waiting", "The most requests that were ever in the queue.")
        .add({}, metrics.most_waiting());
    text.gauge("fedgram_serve_connections", "Connections of clients.").add({}, metrics.connections());
    text.gauge("fedgram_serve_resident_bytes", "Memory that the process holds.")
        .add({}, count(metrics.resident_bytes()));
    text.gauge("fedgram_serve_uptime_seconds", "Time since the server began.").add({}, seconds(metrics.uptime_ns()));
    return text.text();
}

}  // namespace fedgram::client
