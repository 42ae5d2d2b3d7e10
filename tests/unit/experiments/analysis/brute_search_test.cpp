#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/unit/experiments/analysis/searched.hpp"

using namespace fedgram::experiments::analysis;

namespace {

const Space one_by_one{.max_batches = {1}, .instances = {1}};

/// Each client gets 100 answers a second, each of which takes a millisecond a client.
Measurement in_proportion(const Probe& probe)
{
    return {.throughput_per_s = 100 * probe.load.amount, .latency = {.requests = 1000, .p99_ms = probe.load.amount}};
}

}  // namespace

TEST_CASE("Brute force measures the default configuration first, and each probe once", "[analysis]")
{
    const Space space{.devices = {"t4", "a100"},
                      .variants = {0, 1},
                      .max_batches = {1, 2},
                      .instances = {1, 2},
                      .queue_delays_us = {0, 100},
                      .loads = {{Load::Kind::concurrency, 1}, {Load::Kind::concurrency, 2}}};
    auto entries = searched(Mode::brute, space, {}, in_proportion);
    CHECK(entries.front().probe.configuration == space.default_configuration());
    CHECK(entries.size() == 2 * 2 * 2 * 2 * 2 * 2);
    std::ranges::sort(entries, {}, &JournalEntry::probe);
    CHECK(std::ranges::adjacent_find(entries, {}, &JournalEntry::probe) == entries.end());
}

TEST_CASE("A walk through loads ends when the best of four gains less than 5 % over the first of them", "[analysis]")
{
    const auto up_to = [](double clients) {
        return
            [=](const Probe& probe) { return Measurement{.throughput_per_s = std::min(probe.load.amount, clients)}; };
    };
    const auto loads = [&](const Measure& measure) {
        return loads_of(searched(Mode::brute, one_by_one, {}, measure), {}).size();
    };
    CHECK(loads(up_to(1)) == 4);      // 1 2 4 8: none gains
    CHECK(loads(up_to(8)) == 7);      // up to 64: of 8 16 32 64 none gains over the first
    CHECK(loads(up_to(1024)) == 11);  // all
    // By hand: 21 / 20 scores 1 / 20.5 = 0.0488, less than 5 %; 22 / 20 scores 2 / 21 = 0.095.
    CHECK(loads([](const Probe& probe) {
              return Measurement{.throughput_per_s = probe.load.amount < 8 ? 20.0 : 21.0};
          }) == 4);
    CHECK(loads([](const Probe& probe) {
              return Measurement{.throughput_per_s = probe.load.amount < 8 ? 20.0 : 22.0};
          }) == 7);
}

TEST_CASE("A walk through batches ends likewise, for each number of instances anew", "[analysis]")
{
    const Space space{.instances = {1, 2}, .loads = {{Load::Kind::concurrency, 1}}};
    const auto entries = searched(Mode::brute, space, {}, [](const Probe& probe) {
        const auto& [configuration, load] = probe;
        return Measurement{.throughput_per_s = std::min(configuration.max_batch, 2U) * 1.0};
    });
    std::vector<std::uint32_t> batches;
    for (const auto& entry : entries) batches.push_back(entry.probe.configuration.max_batch);
    CHECK(batches == std::vector<std::uint32_t>{1, 2, 4, 8, 16, 1, 2, 4, 8, 16});
}

TEST_CASE("A configuration that fails isn't asked again, and the others are", "[analysis]")
{
    const Space space{.max_batches = {1, 2}, .instances = {1}};
    const auto entries = searched(Mode::brute, space, {}, [](const Probe& probe) {
        if (probe.configuration.max_batch == 1) return Measurement{.failure = "memory doesn't suffice"};
        return in_proportion(probe);
    });
    CHECK(loads_of(entries, {.max_batch = 1}).size() == 1);
    CHECK(loads_of(entries, {.max_batch = 2}).size() == 11);
}

TEST_CASE("The load at the boundary of the constraints is searched in five steps", "[analysis]")
{
    // p99 in milliseconds is the number of clients. By hand, between 64 and 128, which doesn't keep 100.
    const auto entries = searched(Mode::brute, one_by_one, {.constraints = {{Metric::p99, 100}}}, in_proportion);
    const auto loads = loads_of(entries, {});
    REQUIRE(loads.size() == 16);
    CHECK(std::vector(loads.begin() + 11, loads.end()) == std::vector<double>{96, 112, 104, 100, 102});
}

TEST_CASE("The boundary is below where less load is better, as of a least throughput", "[analysis]")
{
    // 100 answers a second each: 500 take 5 clients. By hand, between 8 and 4: 6, which is kept, then 5, then none.
    const Goal goal{.constraints = {{Metric::throughput, 500}}, .objectives = {{Metric::p99}}};
    const auto entries = searched(
        Mode::brute,
        {.max_batches = {1}, .instances = {1}, .loads = {{Load::Kind::concurrency, 4}, {Load::Kind::concurrency, 8}}},
        goal, in_proportion);
    CHECK(loads_of(entries, {}) == std::vector<double>{4, 8, 6, 5});
}

TEST_CASE("A walk goes on while what a broken constraint bounds gains, though the objective only gets worse",
          "[analysis]")
{
    // 100 answers a second each: 20,000 take 200 clients, and p99 is least with one. By hand, between 256 and 128.
    const Goal goal{.constraints = {{Metric::throughput, 20000}}, .objectives = {{Metric::p99}}};
    const auto loads = loads_of(searched(Mode::brute, one_by_one, goal, in_proportion), {});
    CHECK(loads == std::vector<double>{1, 2, 4, 8, 16, 32, 64, 128, 256, 192, 224, 208, 200, 196});
    // Where 3 clients are all that is answered, 4 to 32 gain nothing, and the walk ends; behind it comes the boundary.
    const auto up_to_three = [](const Probe& probe) {
        return Measurement{.throughput_per_s = 100 * std::min(probe.load.amount, 3.),
                           .latency = {.requests = 1000, .p99_ms = probe.load.amount}};
    };
    CHECK(loads_of(searched(Mode::brute, one_by_one, goal, up_to_three), {}) ==
          std::vector<double>{1, 2, 4, 8, 16, 32, 3});
}

TEST_CASE("Batches go on while a broken constraint's figure gains, though without load none is better", "[analysis]")
{
    // A batch of b answers 100 b a second at most, and one client always waits 1 ms: 6,400 take a batch of 64.
    const Goal goal{.constraints = {{Metric::throughput, 6400}}, .objectives = {{Metric::p99}}};
    const auto entries = searched(Mode::brute, {.instances = {1}}, goal, [](const Probe& probe) {
        const auto batch = std::min<double>(probe.configuration.max_batch, probe.load.amount);
        return Measurement{.throughput_per_s = 100 * batch, .latency = {.requests = 1000, .p99_ms = probe.load.amount}};
    });
    CHECK_FALSE(loads_of(entries, {.max_batch = 64}).empty());
    CHECK(std::ranges::any_of(entries, [&](const JournalEntry& one) { return keeps(goal, one.measurement); }));
}

TEST_CASE("Without constraints, or where all loads keep them, there is no boundary", "[analysis]")
{
    CHECK(searched(Mode::brute, one_by_one, {}, in_proportion).size() == 11);
    CHECK(searched(Mode::brute, one_by_one, {.constraints = {{Metric::p99, 1024}}}, in_proportion).size() == 11);
}

TEST_CASE("Rates are walked through as well, and the capacity is a boundary", "[analysis]")
{
    // Stable up to 100 a second. By hand, between 64 and 128.
    Space space{.max_batches = {1}, .instances = {1}, .loads = {}};
    for (const auto rate : {16, 32, 64, 128}) space.loads.push_back({Load::Kind::rate, rate * 1.0});
    const auto entries = searched(Mode::brute, space, {}, [](const Probe& probe) {
        return Measurement{.stable = probe.load.amount <= 100, .throughput_per_s = probe.load.amount};
    });
    CHECK(loads_of(entries, {}) == std::vector<double>{16, 32, 64, 128, 96, 112, 104, 100, 102});
}
