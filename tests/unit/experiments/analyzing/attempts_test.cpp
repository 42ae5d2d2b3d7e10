#include "experiments/analyzing/attempts.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;
using analysis::Load;
using serving::Stability;

namespace {

LoadResult unstable(double throughput)
{
    LoadResult result;
    result.stability = Stability::unstable;
    result.throughput = throughput;
    return result;
}

constexpr Load clients{Load::Kind::concurrency, 4};
constexpr Load rate{Load::Kind::rate, 1000};

}  // namespace

TEST_CASE("A load that was disturbed is worth another attempt, a stable one is not", "[analyzing]")
{
    CHECK(is_worth_repeating(unstable(500), clients));
    CHECK(is_worth_repeating(unstable(951), rate));
    auto stable = unstable(500);
    stable.stability = Stability::stable;
    CHECK_FALSE(is_worth_repeating(stable, clients));
}

TEST_CASE("A rate that isn't kept up with falls behind, whatever its windows say", "[analyzing]")
{
    LoadResult full;
    full.stability = Stability::stable;
    full.throughput = 14'400;
    full.latency.requests = 21'600;
    CHECK(falls_behind(full, {Load::Kind::rate, 15'900}));
    CHECK_FALSE(falls_behind(full, {Load::Kind::rate, 15'000}));
    CHECK_FALSE(falls_behind(full, clients));
    // Of 100 a second at random, 93 in 100 within 1.5 s are chance.
    full.throughput = 93;
    full.latency.requests = 140;
    CHECK_FALSE(falls_behind(full, {Load::Kind::rate, 100}));
    CHECK(falls_behind({}, rate));
}

TEST_CASE("More than can be answered won't get stable", "[analyzing]")
{
    CHECK_FALSE(is_worth_repeating(unstable(949), rate));
    auto refused = unstable(1000);
    refused.queue_full = 1;
    CHECK_FALSE(is_worth_repeating(refused, rate));
}
