#include "experiments/analysis/metric.hpp"

#include <cassert>

#include "common/text/number_text.hpp"

namespace fedgram::experiments::analysis {

namespace {

std::optional<double> with_network(std::optional<double> server, std::optional<double> network)
{
    return server ? std::optional{*server + network.value_or(0)} : std::nullopt;
}

/// What nobody measures, as a bound may be, has an exponent in the place of hundreds of zeros.
std::string digits(double value)
{
    return value >= 1e-9 && value < 1e15 ? text::significant(value) : text::shortest(value);
}

}  // namespace

bool more_is_better(Metric metric) { return metric == Metric::throughput || metric == Metric::accuracy; }

std::string metric_name(Metric metric)
{
    switch (metric) {
        case Metric::throughput:
            return "throughput";
        case Metric::p99:
            return "p99 latency";
        case Metric::memory:
            return "memory";
        case Metric::accuracy:
            return "accuracy";
        case Metric::joules:
            return "joules per 1000 answers";
        case Metric::grams:
            return "grams of CO2e per 1000 answers";
        case Metric::core_seconds:
            return "core-seconds per 1000 answers";
        case Metric::usd:
            return "USD per 1000 answers";
    }
    assert(false);
    return {};
}

std::string metric_text(Metric metric, double value)
{
    switch (metric) {
        case Metric::throughput:
            return digits(value) + " answers/s";
        case Metric::p99:
            return digits(value) + " ms";
        case Metric::memory:
            return digits(value / 1e6) + " MB";
        case Metric::accuracy:
            return text::percent(value);
        case Metric::joules:
            return digits(value) + " J";
        case Metric::grams:
            return digits(value) + " g";
        case Metric::core_seconds:
            return digits(value) + " core-seconds";
        case Metric::usd:
            return digits(value) + " USD";
    }
    assert(false);
    return {};
}

std::optional<double> value_of(const Measurement& measurement, Metric metric)
{
    const auto& latency = measurement.latency;
    switch (metric) {
        case Metric::throughput:
            return measurement.throughput_per_s;
        case Metric::p99:
            // A request without an answer is later than any: with more than one in a hundred, so is the percentile.
            if (100 * measurement.refused > latency.requests + measurement.refused) return std::nullopt;
            return latency.p99_ms;
        case Metric::memory:
            return measurement.memory_bytes;
        case Metric::accuracy:
            return measurement.accuracy;
        case Metric::joules:
            return with_network(measurement.joules_per_1000, measurement.costs.network_joules);
        case Metric::grams:
            return with_network(measurement.grams_per_1000, measurement.costs.network_grams);
        case Metric::core_seconds:
            return measurement.core_seconds_per_1000;
        case Metric::usd:
            return measurement.costs.usd;
    }
    assert(false);
    return {};
}

}  // namespace fedgram::experiments::analysis
