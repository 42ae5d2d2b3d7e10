#include <array>

#include <catch2/catch.hpp>

#include "experiments/analysis/result.hpp"

using namespace fedgram::experiments::analysis;

namespace {

const std::vector<Variant> variants{{.name = "float32"}, {.name = "int8"}};
const Space space{.devices = {"t4"}};
const Goal p99_within_10{.constraints = {{Metric::p99, 10}}};

JournalEntry entry(const Configuration& configuration, double clients, double throughput, double p99,
                   double memory = 1e6)
{
    return {{configuration, {Load::Kind::concurrency, clients}},
            {.throughput_per_s = throughput, .latency = {.requests = 1000, .p99_ms = p99}, .memory_bytes = memory}};
}

const Configuration by_default{.device = "t4"};
const Configuration better{.device = "t4", .variant = 1, .max_batch = 16, .instances = 2};

std::string sentence(const std::vector<JournalEntry>& entries, const Goal& goal = {}, const Space& in = space)
{
    return result_sentence(result_of(entries, in, goal), in, goal, variants);
}

}  // namespace

TEST_CASE("The sentence tells by how much the best is better than the default", "[analysis]")
{
    // By hand: 190 over 100 is 90 % better; from twice as many on it is told as how many times.
    CHECK(sentence({entry(by_default, 1, 100, 5), entry(better, 64, 190, 10)}) ==
          "In 2 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 is 90.0 % better "
          "than the default configuration (1 client) at maximizing throughput, on t4.");
    const std::vector<JournalEntry> entries{entry(by_default, 1, 90, 5), entry(by_default, 2, 100, 9),
                                            entry(better, 64, 250, 10), entry(better, 128, 300, 11)};
    CHECK(sentence(entries, p99_within_10) ==
          "In 4 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 has 2.50 times "
          "the throughput of the default configuration (2 clients), under the given constraints, on t4.");
    // By hand: 300 over 100.
    CHECK(sentence(entries) ==
          "In 4 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 has 3.00 times "
          "the throughput of the default configuration (2 clients), on t4.");
}

TEST_CASE("The sentence says when nothing is gained", "[analysis]")
{
    CHECK(sentence({entry(by_default, 1, 100, 5), entry(better, 1, 100, 5)}) ==
          "In 2 measurements across 2 configurations, none gains over the default configuration, float32 with 1 "
          "instance and no batches, at maximizing throughput, on t4.");
    CHECK_THAT(sentence({entry(by_default, 1, 100, 5), entry(better, 1, 100.05, 5)}),
               Catch::Contains("none gains over the default configuration, float32 with 1 instance and no batches,"));
}

TEST_CASE("The sentence says when none keeps the constraints, and which comes closest", "[analysis]")
{
    CHECK(sentence({entry(by_default, 1, 100, 20), entry(better, 1, 100, 12.5)}, p99_within_10) ==
          "In 2 measurements across 2 configurations, none keeps the constraints; int8 with 2 instances and batches of "
          "at most 16 comes closest, on t4: p99 latency is 12.5 ms instead of at most 10.0 ms.");
    const Goal more{.constraints = {{Metric::throughput, 150}, {Metric::joules, 5}, {Metric::p99, 50}}};
    CHECK(
        sentence({entry(by_default, 1, 100, 20)}, more) ==
        "In 1 measurement across 1 configuration, none keeps the constraints; float32 with 1 instance and no batches "
        "comes closest, on t4: throughput is 100 answers/s instead of at least 150 answers/s, joules per 1000 answers "
        "is not known instead of at most 5.00 J.");
}

TEST_CASE("A default configuration that keeps no constraints, or doesn't run, isn't compared with", "[analysis]")
{
    CHECK(sentence({entry(by_default, 1, 100, 20), entry(better, 1, 50, 10)}, p99_within_10) ==
          "In 2 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 is the best at "
          "maximizing throughput, under the given constraints, on t4; the default configuration doesn't keep them.");
    auto unstable = entry(by_default, 1, 100, 5);
    unstable.measurement.stable = false;
    CHECK(sentence({unstable, entry(better, 1, 50, 10)}) ==
          "In 2 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 is the best at "
          "maximizing throughput, on t4; the default configuration isn't stable.");
    auto failed = entry(by_default, 1, 0, 0);
    failed.measurement = {.failure = "memory doesn't suffice"};
    CHECK(sentence({failed, entry(better, 1, 50, 10)}) ==
          "In 2 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 is the best at "
          "maximizing throughput, on t4; the default configuration can't be run.");
    CHECK(sentence({failed}) == "In 1 measurement across 1 configuration, none could be run: memory doesn't suffice.");
}

TEST_CASE("The sentence names several devices, objectives and a queue delay", "[analysis]")
{
    const Space two{.devices = {"t4", "a100"}};
    const Goal both{.objectives = {{Metric::throughput, 2}, {Metric::p99, 1}}};
    const Configuration delayed{.device = "a100", .max_batch = 8, .instances = 2, .queue_delay_us = 500};
    // By hand: (2 x 200 % + 1 x -50 %) / 3 = 116.67 %.
    CHECK(sentence({entry(by_default, 1, 100, 10), entry(delayed, 1, 300, 15)}, both, two) ==
          "In 2 measurements across 2 configurations, float32 with 2 instances, batches of at most 8 and a queue delay "
          "of 500 us is 117 % better than the default configuration (1 client) at weighing throughput (weight 2) and "
          "p99 latency "
          "(weight 1), on a100, of t4 and a100.");
    const Space three{.devices = {"t4", "v100", "a100"}};
    CHECK_THAT(sentence({entry(by_default, 1, 100, 10), entry(delayed, 1, 300, 15)}, {}, three),
               Catch::Contains("on a100, of t4, v100 and a100."));
    const Goal small{.objectives = {{Metric::memory}}};
    CHECK(sentence({entry(by_default, 1, 1, 1, 4e6), entry(better, 1, 1, 1, 1e6)}, small) ==
          "In 2 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 is 75.0 % better "
          "than the default configuration (1 client) at minimizing memory, on t4.");
}

TEST_CASE("What scores more and is less in per cent is the best without a figure", "[analysis]")
{
    const Goal three{.objectives = {{Metric::p99}, {Metric::memory}, {Metric::joules}}};
    auto standard = entry(by_default, 1, 1, 1, 3e6);
    auto other = entry(better, 1, 1, 10, 1e6);
    standard.measurement.joules_per_1000 = 3;
    other.measurement.joules_per_1000 = 1;
    // By hand: the score is (-9 / 5.5 + 2 / 2 + 2 / 2) / 3 = 0.12, the gain (-900 + 67 + 67) / 3 = -256 %.
    CHECK(sentence({standard, other}, three) ==
          "In 2 measurements across 2 configurations, int8 with 2 instances and batches of at most 16 is the best at "
          "weighing p99 latency (weight 1) and memory (weight 1) and joules per 1000 answers (weight 1), on t4.");
}

TEST_CASE("A result has the best three configurations, and the default's own", "[analysis]")
{
    std::vector<JournalEntry> entries{entry(by_default, 1, 1, 1)};
    for (const std::uint32_t batch : {2, 4, 8, 16}) entries.push_back(entry({"t4", 0, batch, 1, 0}, 1, batch, 1));
    const auto result = result_of(entries, space, {});
    CHECK(result.configurations == 5);
    REQUIRE(result.best.size() == 3);
    CHECK(result.best[0].best == entries[4]);
    CHECK(result.best[2].best == entries[2]);
    CHECK(result.by_default->best == entries[0]);
    CHECK(*result.percent_better == Approx(1500));
}

TEST_CASE("A curve rises with p99, without what answers no more, and what isn't known", "[analysis]")
{
    auto unstable = entry(better, 256, 500, 50);
    unstable.measurement.stable = false;
    auto too_few = entry(better, 3, 400, 1);
    too_few.measurement.latency.p99_ms.reset();
    const auto result = result_of(
        std::vector<JournalEntry>{entry(by_default, 1, 100, 5), entry(better, 64, 300, 20, 3e6),
                                  entry(better, 1, 100, 2, 1e6), entry(better, 8, 90, 10), entry(better, 16, 100, 12),
                                  entry(better, 32, 200, 15, 2e6), entry(better, 128, 300, 40), unstable, too_few},
        space, {});
    const auto& curve = result.best.front().curve;
    std::vector<std::array<double, 4>> points;
    for (const auto& point : curve)
        points.push_back({point.load.amount, point.p99_ms, point.throughput_per_s, *point.memory_bytes});
    CHECK(points == std::vector<std::array<double, 4>>{{1, 2, 100, 1e6}, {32, 15, 200, 2e6}, {64, 20, 300, 3e6}});
}

TEST_CASE("A best configuration that isn't stable is said to be so", "[analysis]")
{
    auto unstable = entry(by_default, 1, 100, 5);
    unstable.measurement.stable = false;
    CHECK(sentence({unstable}) ==
          "In 1 measurement across 1 configuration, none keeps the constraints; float32 with 1 instance and no batches "
          "comes closest, on t4: it isn't stable.");
}

TEST_CASE("A load is one client or several, or a rate without an exponent", "[analysis]")
{
    CHECK(load_text({Load::Kind::concurrency, 1}) == "1 client");
    CHECK(load_text({Load::Kind::concurrency, 1024}) == "1024 clients");
    CHECK(load_text({Load::Kind::rate, 1e5}) == "100000/s");
    CHECK(load_text({Load::Kind::rate, 0.5}) == "0.5/s");
}
