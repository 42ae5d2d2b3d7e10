#include <set>

#include <catch2/catch.hpp>

#include "experiments/analysis/result.hpp"
#include "tests/unit/experiments/analysis/searched.hpp"
#include "tests/unit/experiments/analysis/served_models.hpp"

using namespace fedgram;
using namespace fedgram::experiments::analysis;

namespace {

/// What quick and brute search find, of which the second one is told what the first has measured.
struct Both {
    AnalysisResult quick;
    AnalysisResult brute;
    bool of_joules = false;

    [[nodiscard]] double share_of_optimum() const
    {
        REQUIRE(quick.best.front().keeps_constraints);
        const auto& of_quick = quick.best.front().best.measurement;
        const auto& of_brute = brute.best.front().best.measurement;
        return of_joules ? *of_brute.joules_per_1000 / *of_quick.joules_per_1000
                         : of_quick.throughput_per_s / of_brute.throughput_per_s;
    }
};

Both found(const Goal& goal, Journal& known, const Served& served)
{
    const Space space;
    const auto search = [&](Mode mode) {
        const auto journal = carry_out(
            *make_search(mode, space, goal), known, [&](const Probe& probe) { return by_simulation(served, probe); },
            [&](const Journal& more) { known = more; });
        return result_of(journal.entries, space, goal);
    };
    return {search(Mode::quick), search(Mode::brute), goal.objectives.front().metric == Metric::joules};
}

Goal p99_within(const Served& served, double service_times)
{
    return {.constraints = {{Metric::p99, service_times * served.batch_us(1, 1) / 1e3}}};
}

}  // namespace

TEST_CASE("A quick search has two full batches for each instance under way", "[analysis]")
{
    const auto served = three_models_on_three_devices().front();
    const auto entries =
        searched(Mode::quick, {.loads = {{Load::Kind::concurrency, 1}, {Load::Kind::concurrency, 100}}}, {},
                 [&](const Probe& probe) { return by_formula(served, probe); });
    for (const auto& entry : entries) {
        const auto& configuration = entry.probe.configuration;
        const auto first = loads_of(entries, configuration).front();
        CHECK(first == std::min(100U, 2 * configuration.max_batch * configuration.instances));
    }
    CHECK(entries.front().probe == Probe{{}, {Load::Kind::concurrency, 2}});
}

TEST_CASE("A quick search climbs for each device, variant and queue delay", "[analysis]")
{
    const Space space{.devices = {"t4", "a100"}, .variants = {0, 1}, .queue_delays_us = {0, 100}};
    const auto best = Configuration{"a100", 1, 1, 1, 100};
    const auto entries = searched(Mode::quick, space, {}, [&](const Probe& probe) {
        auto lowest = probe.configuration;
        lowest.max_batch = lowest.instances = 1;
        return Measurement{.throughput_per_s = lowest == best ? 3.0 : 1.0};
    });
    CHECK(result_of(entries, space, {}).best.front().best.measurement.throughput_per_s == 3);
    // On a plain each climb takes four; at the end four configurations are asked for one load more.
    CHECK(entries.size() == 8 * 4 + 4);
}

TEST_CASE("A quick search takes one rate, and measures all at it", "[analysis]")
{
    const Load rate{Load::Kind::rate, 50};
    const Space space{.loads = {rate}};
    const Goal goal{.objectives = {{Metric::joules}}};
    const auto entries = searched(Mode::quick, space, goal, [](const Probe& probe) {
        return Measurement{.throughput_per_s = 50, .joules_per_1000 = 10.0 * probe.configuration.instances};
    });
    for (const auto& entry : entries) CHECK(entry.probe.load == rate);
    CHECK(result_of(entries, space, goal).best.front().best.probe.configuration.instances == 1);

    CHECK_THROWS_WITH(make_search(Mode::quick, {.loads = {rate, {Load::Kind::rate, 60}}}, {}),
                      "load: a quick search takes one rate, not 2; give one, or search by brute force");
}

TEST_CASE("A quick search goes on to a larger batch that keeps the constraints with fewer clients", "[analysis]")
{
    // Up to 12 clients keep the constraint, and a batch of 8 is worth twice one of 4 then; but two batches of 8 break
    // it.
    const Goal goal{.constraints = {{Metric::p99, 12}}};
    const Space space{.instances = {1}};
    const auto entries = searched(Mode::quick, space, goal, [](const Probe& probe) {
        const auto batch = std::min<double>(probe.configuration.max_batch, probe.load.amount);
        return Measurement{.throughput_per_s = 100 * batch,
                           .latency = {.requests = 1000, .p99_ms = std::max(batch, probe.load.amount)}};
    });
    const auto best = result_of(entries, space, goal).best.front();
    CHECK(best.keeps_constraints);
    CHECK(best.best.measurement.throughput_per_s >= 0.95 * 1200);
}

TEST_CASE("A quick search looks with fewer clients where two full batches for each instance break the p99",
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
    const auto best = result_of(searched(Mode::quick, space, goal, measure), space, goal).best.front();
    CHECK(best.keeps_constraints);
    CHECK(best.best.measurement.throughput_per_s == 500);

    // A client by itself takes 1 ms everywhere. Once that is known no other place is asked for fewer; but at the end
    // four are searched for their best load.
    const auto entries = searched(Mode::quick, space, {.constraints = {{Metric::p99, 0.5}}}, measure);
    std::set<Configuration> with_fewer;
    for (const auto& [probe, measurement] : entries) {
        const auto& [configuration, load] = probe;
        if (load.amount < 2 * configuration.max_batch * configuration.instances) with_fewer.insert(configuration);
    }
    CHECK(with_fewer.size() <= 1 + 4);
}

TEST_CASE("A quick search finds 95 % of the optimum of brute force in 10 % of its measurements", "[analysis]")
{
    for (const auto& served : three_models_on_three_devices()) {
        Journal known;
        const auto memory_within = [&](const Configuration& configuration) {
            return Goal{.constraints = {{Metric::memory, 1e6 * served.memory_of(configuration)}}};
        };
        auto fewest_joules = p99_within(served, 20);
        fewest_joules.objectives = {{Metric::joules}};
        for (const auto& goal : {Goal{}, p99_within(served, 20), Goal{.objectives = {{Metric::joules}}}, fewest_joules,
                                 memory_within({.max_batch = 4, .instances = 2}), memory_within({.max_batch = 16})}) {
            const auto both = found(goal, known, served);
            INFO(served.name << ": " << both.quick.measurements << " of " << both.brute.measurements);
            CHECK(both.share_of_optimum() >= 0.95);
            CHECK(10 * both.quick.measurements <= both.brute.measurements);
        }
    }
}

TEST_CASE("A quick search under a bound of dollars and a least throughput finds the optimum of brute force",
          "[analysis]")
{
    const Space space;
    for (const auto& served : three_models_on_three_devices()) {
        Journal known;
        const auto best = [&](Mode mode, const Goal& goal) {
            const auto measure = [&](const Probe& probe) {
                auto measured = by_simulation(served, probe);
                if (measured.joules_per_1000) measured.costs.usd = *measured.joules_per_1000 / 1e7;
                return measured;
            };
            const auto journal =
                carry_out(*make_search(mode, space, goal), known, measure, [&](const Journal& more) { known = more; });
            return result_of(journal.entries, space, goal).best.front();
        };
        const auto fullest = best(Mode::brute, {}).best.measurement;
        const Goal goal{.constraints = {{Metric::usd, 1.2 * *fullest.costs.usd},
                                        {Metric::throughput, 0.5 * fullest.throughput_per_s}}};
        REQUIRE_FALSE(suits_climb(space, goal));
        INFO(served.name);
        const auto brute = best(Mode::brute, goal);
        const auto quick = best(Mode::quick, goal);
        REQUIRE(brute.keeps_constraints);
        CHECK(quick.keeps_constraints);
        CHECK(quick.best.measurement.throughput_per_s >= 0.95 * brute.best.measurement.throughput_per_s);
    }
}

TEST_CASE("Where batches gain nothing, brute force soon stops, and a quick search still finds the optimum",
          "[analysis]")
{
    Journal known;
    for (const auto& goal : {Goal{}, p99_within(on_a_processor, 20), p99_within(on_a_processor, 5)}) {
        const auto both = found(goal, known, on_a_processor);
        CHECK(both.share_of_optimum() >= 0.95);
        CHECK(both.quick.measurements <= 24);
        CHECK(both.brute.measurements < 150);
    }
}
