#include <catch2/catch.hpp>

#include "experiments/analysis/metric.hpp"

using namespace fedgram::experiments::analysis;

TEST_CASE("Throughput and accuracy are to be high, all else is to be low", "[analysis]")
{
    CHECK(more_is_better(Metric::throughput));
    CHECK(more_is_better(Metric::accuracy));
    for (const auto metric :
         {Metric::p99, Metric::memory, Metric::joules, Metric::grams, Metric::core_seconds, Metric::usd})
        CHECK_FALSE(more_is_better(metric));
}

TEST_CASE("A p99 isn't known where more than one request in a hundred has no answer", "[analysis]")
{
    // By hand: 10 of 1000 are one in a hundred, 11 of 1001 are more.
    Measurement measurement{.latency = {.requests = 990, .p99_ms = 5.0}, .refused = 10};
    CHECK(value_of(measurement, Metric::p99) == 5.0);
    measurement.refused = 11;
    CHECK_FALSE(value_of(measurement, Metric::p99));
}

TEST_CASE("A p99 of too few requests isn't known", "[analysis]")
{
    CHECK_FALSE(value_of({.latency = {.requests = 150, .p50_ms = 1.0}}, Metric::p99));
}

TEST_CASE("Each metric is its own figure, with its unit", "[analysis]")
{
    const Measurement measurement{.throughput_per_s = 1,
                                  .latency = {.requests = 1000, .p99_ms = 2},
                                  .memory_bytes = 3e6,
                                  .accuracy = 0.4,
                                  .joules_per_1000 = 5,
                                  .grams_per_1000 = 6,
                                  .core_seconds_per_1000 = 7,
                                  .costs = {.usd = 8}};
    const auto text = [&](Metric metric) { return metric_text(metric, *value_of(measurement, metric)); };
    CHECK(text(Metric::throughput) == "1.00 answers/s");
    CHECK(text(Metric::p99) == "2.00 ms");
    CHECK(text(Metric::memory) == "3.00 MB");
    CHECK(text(Metric::accuracy) == "40.0 %");
    CHECK(text(Metric::joules) == "5.00 J");
    CHECK(text(Metric::grams) == "6.00 g");
    CHECK(text(Metric::core_seconds) == "7.00 core-seconds");
    CHECK(text(Metric::usd) == "8.00 USD");
}

TEST_CASE("Joules and grams are with the network where that is asked for, and unknown where the server's are",
          "[analysis]")
{
    Measurement measurement{
        .joules_per_1000 = 5, .grams_per_1000 = 6, .costs = {.network_joules = 0.5, .network_grams = 0.25}};
    CHECK(value_of(measurement, Metric::joules) == 5.5);
    CHECK(value_of(measurement, Metric::grams) == 6.25);
    measurement.joules_per_1000.reset();
    CHECK_FALSE(value_of(measurement, Metric::joules));
}
