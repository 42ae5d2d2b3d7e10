#include <algorithm>

#include <catch2/catch.hpp>

#include "experiments/analysis/metric.hpp"
#include "experiments/analysis/surrogate.hpp"
#include "tests/unit/experiments/analysis/served_models.hpp"

using namespace fedgram::experiments::analysis;

namespace {

Probe probe(std::uint32_t batch, std::uint32_t instances, double clients)
{
    return {{.max_batch = batch, .instances = instances}, {Load::Kind::concurrency, clients}};
}

}  // namespace

TEST_CASE("A server's flow follows from four figures", "[analysis]")
{
    // 2 s of floor, 1 s for each sample, one at a time.
    const ServerFigures figures{.floor = 2, .weights = 0, .each = 1, .units = 1};
    CHECK(figures.batch_seconds(1, 1) == 3);
    CHECK(figures.batch_seconds(4, 2) == 8);  // the device's 2 x 4 s, more than 2 + 4
    CHECK(figures.flow(probe(8, 1, 1)).throughput == Approx(1 / 3.));
    // 20 clients of batches of at most 4: always a full one, 4 each 6 s, and five turns until each is answered.
    CHECK(figures.flow(probe(4, 1, 20)).throughput == Approx(4 / 6.));
    CHECK(figures.flow(probe(4, 1, 20)).latency == Approx(30));
    // 5 clients and room for all: one alone, then the four that gathered meanwhile: 5 each 3 + 6 s.
    CHECK(figures.flow(probe(8, 1, 5)).throughput == Approx(5 / 9.));
}

TEST_CASE("A server's flow is close to what the batcher does in virtual time", "[analysis]")
{
    const Served served{"even", 200, 100, 5};
    const ServerFigures figures{.floor = 200e-6, .weights = 0, .each = 100e-6, .units = 5};
    for (const std::uint32_t batch : {1U, 4U, 16U, 64U})
        for (const std::uint32_t instances : {1U, 2U, 3U, 5U})
            for (const double clients : {1., 2., 5., 16., 48., 128., 512.}) {
                const auto asked = probe(batch, instances, clients);
                INFO(batch << " at a batch, " << instances << " instances, " << clients << " clients");
                CHECK(figures.flow(asked).throughput ==
                      Approx(by_simulation(served, asked).throughput_per_s).epsilon(0.25));
            }
}

TEST_CASE("A surrogate says of what was measured what was, and of the rest what its figures do", "[analysis]")
{
    const auto served = three_models_on_three_devices().front();
    std::vector<JournalEntry> entries;
    for (const auto& one : {probe(1, 1, 1), probe(16, 1, 32), probe(16, 3, 96)})
        entries.push_back({one, by_simulation(served, one)});
    const Surrogate surrogate{entries};
    for (const auto& [asked, measured] : entries) CHECK(surrogate.expected(asked) == measured);
    for (const auto& asked : {probe(16, 2, 64), probe(8, 2, 32), probe(32, 1, 96)}) {
        const auto expected = surrogate.expected(asked);
        const auto measured = by_simulation(served, asked);
        CHECK(expected.throughput_per_s == Approx(measured.throughput_per_s).epsilon(0.2));
        CHECK(*expected.latency.p99_ms == Approx(*measured.latency.p99_ms).epsilon(0.25));
        CHECK(*expected.joules_per_1000 == Approx(*measured.joules_per_1000).epsilon(0.2));
        CHECK(*expected.memory_bytes == Approx(*measured.memory_bytes));  // i (w + a b) is exact
    }
}

TEST_CASE("A surrogate expects dollars that fall with throughput, and the same network of all answers", "[analysis]")
{
    const auto served = three_models_on_three_devices().front();
    const auto priced = [&](const Probe& asked) {
        auto measured = by_simulation(served, asked);
        measured.grams_per_1000 = *measured.joules_per_1000 / 10;
        measured.costs = {
            .usd = 3 / measured.throughput_per_s + 0.001, .network_joules = 50, .network_grams = 5};  // by hand
        return measured;
    };
    std::vector<JournalEntry> entries;
    for (const auto& one : {probe(1, 1, 1), probe(16, 1, 32), probe(16, 3, 96)}) entries.push_back({one, priced(one)});
    const auto asked = probe(16, 2, 64);
    const auto expected = Surrogate{entries}.expected(asked);
    CHECK(*value_of(expected, Metric::usd) == Approx(3 / expected.throughput_per_s + 0.001).epsilon(0.02));
    CHECK(*value_of(expected, Metric::joules) == Approx(*expected.joules_per_1000 + 50));
    CHECK(*value_of(expected, Metric::grams) == Approx(*expected.grams_per_1000 + 5));
}

TEST_CASE("A surrogate expects what fails to fail with more, and what wasn't stable not to get so", "[analysis]")
{
    const Measurement ran{.throughput_per_s = 10, .latency = {.requests = 1000, .p99_ms = 1}};
    auto unstable = ran;
    unstable.stable = false;
    const Surrogate surrogate{std::vector<JournalEntry>{
        {probe(1, 1, 1), ran}, {probe(2, 1, 8), unstable}, {probe(8, 2, 4), {.failure = "memory"}}}};
    CHECK(surrogate.expected(probe(16, 2, 1)).failure == "memory");
    CHECK(surrogate.expected(probe(8, 3, 1)).failure == "memory");
    CHECK(surrogate.expected(probe(8, 1, 1)).failure.empty());
    CHECK_FALSE(surrogate.expected(probe(2, 1, 9)).stable);
    CHECK(surrogate.expected(probe(2, 1, 7)).stable);
}
