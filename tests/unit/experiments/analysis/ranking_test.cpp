#include <array>

#include <catch2/catch.hpp>

#include "experiments/analysis/ranking.hpp"

using namespace fedgram::experiments::analysis;

namespace {

JournalEntry entry(std::uint32_t batch, double clients, double throughput, double p99)
{
    return {{{.max_batch = batch}, {Load::Kind::concurrency, clients}},
            {.throughput_per_s = throughput, .latency = {.requests = 1000, .p99_ms = p99}}};
}

}  // namespace

TEST_CASE("What keeps the constraints comes first, then what breaks them least", "[analysis]")
{
    const std::vector<JournalEntry> entries{entry(1, 1, 10, 5), entry(2, 1, 100, 30), entry(4, 1, 50, 20),
                                            entry(8, 1, 20, 10)};
    const Goal goal{.constraints = {{Metric::p99, 10}}};
    std::vector<std::uint32_t> order;
    for (const auto& one : best_of_configurations(goal, entries)) order.push_back(one.probe.configuration.max_batch);
    CHECK(order == std::vector<std::uint32_t>{8, 1, 4, 2});
}

TEST_CASE("A configuration stands where it first does best, and of equal ones that which was measured first",
          "[analysis]")
{
    const std::vector<JournalEntry> entries{entry(1, 1, 10, 5), entry(2, 1, 30, 5), entry(1, 2, 30, 5),
                                            entry(1, 4, 30, 5)};
    const auto best = best_of_configurations({}, entries);
    REQUIRE(best.size() == 2);
    CHECK(best[0] == entries[2]);
    CHECK(best[1] == entries[1]);
}

TEST_CASE("Of equal configurations that with fewer instances stands, then that with smaller batches", "[analysis]")
{
    // What rounding leaves is no difference.
    std::vector<JournalEntry> entries{entry(8, 1, 30, 5), entry(4, 1, 30.0000001, 5), entry(2, 1, 30.0000002, 5)};
    entries[2].probe.configuration.instances = 2;
    const auto best = best_of_configurations({}, entries);
    CHECK(best[0] == entries[1]);
    CHECK(best[1] == entries[0]);
    CHECK(best[2] == entries[2]);
}

TEST_CASE("What fails or isn't stable is worse than anything else", "[analysis]")
{
    std::vector<JournalEntry> entries{entry(1, 1, 1000, 1), entry(2, 1, 1, 1000), entry(4, 1, 1000, 1)};
    entries[0].measurement.failure = "memory";
    entries[2].measurement.stable = false;
    CHECK(best_of_configurations({}, entries).front() == entries[1]);
}

// Each beats the one before by score: three metrics, of which two gain a little and one loses much. Scored against one
// another they go round in a circle.
TEST_CASE("Several objectives give one order, though scores between two go round in a circle", "[analysis]")
{
    const Goal goal{.objectives = {{Metric::throughput}, {Metric::p99}, {Metric::memory}}};
    const auto of = [](double throughput, double p99, double memory) {
        return Measurement{
            .throughput_per_s = throughput, .latency = {.requests = 1000, .p99_ms = p99}, .memory_bytes = memory};
    };
    const std::array circle{of(9, 1.0 / 3, 1), of(3, 1, 1.0 / 9), of(1, 1.0 / 9, 1.0 / 3)};
    const auto around = score(goal, circle[1], circle[0]);
    REQUIRE(around != 0);
    REQUIRE(score(goal, circle[2], circle[1]) == Approx(around));
    REQUIRE(score(goal, circle[0], circle[2]) == Approx(around));

    std::vector<JournalEntry> entries;
    for (const auto& one : circle) entries.push_back({{}, one});
    const Ranking ranking{goal, entries};
    int better = 0;  // in a circle 3 ways to go or none; in an order the ways differ
    for (std::size_t i = 0; i < 3; ++i) better += ranking.better(circle[i], circle[(i + 1) % 3]) ? 1 : 0;
    CHECK(better > 0);
    CHECK(better < 3);
}

TEST_CASE("At one rate what answers it but for chance is equal, and the fewest instances stand first", "[analysis]")
{
    const auto at_rate = [](std::uint32_t instances, double rate, double answered) {
        return JournalEntry{{{.instances = instances}, {Load::Kind::rate, rate}}, {.throughput_per_s = answered}};
    };
    const auto best = [](const std::vector<JournalEntry>& entries) {
        return best_of_configurations({}, entries).front().probe.configuration.instances;
    };
    CHECK(best({at_rate(2, 50, 50.1), at_rate(1, 50, 49.95)}) == 1);
    CHECK(best({at_rate(1, 50, 48), at_rate(2, 50, 50)}) == 2);
    // Of two rates the higher one is no chance.
    CHECK(best({at_rate(2, 50.2, 50.2), at_rate(1, 50, 50)}) == 2);
}
