#include <catch2/catch.hpp>

#include "experiments/analysis/result.hpp"
#include "experiments/analysis/surrogate_search.hpp"
#include "tests/unit/experiments/analysis/searched.hpp"
#include "tests/unit/experiments/analysis/served_models.hpp"

using namespace fedgram;
using namespace fedgram::experiments::analysis;

TEST_CASE(
    "A surrogate search begins with the default configuration, and a middle batch of one and of several instances",
    "[analysis]")
{
    const auto served = three_models_on_three_devices().front();
    const auto entries =
        searched<SurrogateSearch>({}, {}, [&](const Probe& probe) { return by_formula(served, probe); });
    CHECK(entries[0].probe == Probe{{}, {Load::Kind::concurrency, 1}});
    CHECK(entries[1].probe == Probe{{.max_batch = 16}, {Load::Kind::concurrency, 32}});
    CHECK(entries[2].probe == Probe{{.max_batch = 16, .instances = 3}, {Load::Kind::concurrency, 96}});
}

TEST_CASE("A surrogate search stays within the loads it is given", "[analysis]")
{
    const auto served = three_models_on_three_devices().front();
    for (const auto& [probe, measurement] :
         searched<SurrogateSearch>({.loads = {{Load::Kind::concurrency, 4}, {Load::Kind::concurrency, 10}}}, {},
                                   [&](const Probe& asked) { return by_formula(served, asked); })) {
        CHECK(probe.load.amount >= 4);
        CHECK(probe.load.amount <= 10);
    }
}

TEST_CASE("Where memory doesn't suffice for a middle batch, a surrogate search begins with the least", "[analysis]")
{
    const auto entries = searched<SurrogateSearch>({.devices = {"t4", "a100"}}, {}, [](const Probe& probe) {
        if (probe.configuration.max_batch > 1) return Measurement{.failure = "memory doesn't suffice"};
        return Measurement{.throughput_per_s = 1, .latency = {.requests = 1000, .p99_ms = 1}};
    });
    CHECK(std::ranges::any_of(entries, [](const JournalEntry& one) {
        return one.probe.configuration.device == "a100" && one.measurement.failure.empty();
    }));
    CHECK(searched<SurrogateSearch>({}, {}, [](const Probe&) { return Measurement{.failure = "none"}; }).size() < 10);
}

TEST_CASE("A surrogate search looks at each device, variant and queue delay", "[analysis]")
{
    const Space space{.devices = {"t4", "a100"}, .variants = {0, 1}, .queue_delays_us = {0, 100}};
    const auto best = Configuration{"a100", 1, 1, 1, 100};
    const auto entries = searched<SurrogateSearch>(space, {}, [&](const Probe& probe) {
        auto lowest = probe.configuration;
        lowest.max_batch = lowest.instances = 1;
        return Measurement{.throughput_per_s = lowest == best ? 3.0 : 1.0};
    });
    CHECK(result_of(entries, space, {}).best.front().best.measurement.throughput_per_s == 3);
    CHECK(entries.size() < 8 * 6);
}

TEST_CASE("A surrogate search takes one rate, and measures all at it", "[analysis]")
{
    const Load rate{Load::Kind::rate, 50};
    const Space space{.loads = {rate}};
    const Goal goal{.objectives = {{Metric::joules}}};
    const auto entries = searched<SurrogateSearch>(space, goal, [](const Probe& probe) {
        return Measurement{.throughput_per_s = 50, .joules_per_1000 = 10.0 * probe.configuration.instances};
    });
    for (const auto& entry : entries) CHECK(entry.probe.load == rate);
    CHECK(result_of(entries, space, goal).best.front().best.probe.configuration.instances == 1);

    CHECK_THROWS_WITH(SurrogateSearch({.loads = {rate, {Load::Kind::rate, 60}}}, {}),
                      "load: a quick search takes one rate, not 2; give one, or search by brute force");
}

TEST_CASE("A surrogate search goes on to a larger batch that keeps the constraints with fewer clients", "[analysis]")
{
    // Up to 12 clients keep the constraint, and a batch of 8 is worth twice one of 4 then; but two batches of 8 break
    // it.
    const Goal goal{.constraints = {{Metric::p99, 12}}};
    const Space space{.instances = {1}};
    const auto entries = searched<SurrogateSearch>(space, goal, [](const Probe& probe) {
        const auto batch = std::min<double>(probe.configuration.max_batch, probe.load.amount);
        return Measurement{.throughput_per_s = 100 * batch,
                           .latency = {.requests = 1000, .p99_ms = std::max(batch, probe.load.amount)}};
    });
    const auto best = result_of(entries, space, goal).best.front();
    CHECK(best.keeps_constraints);
    CHECK(best.best.measurement.throughput_per_s >= 0.95 * 1200);
}

TEST_CASE("A surrogate search looks with fewer clients where two full batches for each instance break the p99",
          "[analysis]")
{
    // An instance answers 100 a second, and a second client of it waits for the first: only one each keeps 1.5 ms.
    const auto measure = [](const Probe& probe) {
        const double instances = probe.configuration.instances;
        return Measurement{.throughput_per_s = 100 * std::min(probe.load.amount, instances),
                           .latency = {.requests = 1000, .p99_ms = std::max(1.0, probe.load.amount / instances)}};
    };
    const Space space;
    const Goal goal{.constraints = {{Metric::p99, 1.5}}};
    const auto best = result_of(searched<SurrogateSearch>(space, goal, measure), space, goal).best.front();
    CHECK(best.keeps_constraints);
    CHECK(best.best.measurement.throughput_per_s == 500);
}
