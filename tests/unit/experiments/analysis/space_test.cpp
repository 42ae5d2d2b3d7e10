#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "experiments/analysis/space.hpp"

using namespace fedgram;
using namespace fedgram::experiments::analysis;

TEST_CASE("A space is Model Analyzer's unless it is said otherwise", "[analysis]")
{
    const Space space;
    CHECK(space.instances == std::vector<std::uint32_t>{1, 2, 3, 4, 5});
    CHECK(space.max_batches.size() == 8);
    CHECK(space.loads.size() == 11);
    CHECK(space.loads.back() == Load{Load::Kind::concurrency, 1024});
    CHECK_NOTHROW(check(space));
}

TEST_CASE("The default configuration neither batches nor waits, whatever the space has", "[analysis]")
{
    const Space space{
        .devices = {"t4", "a100"}, .variants = {1, 2}, .max_batches = {8}, .instances = {4}, .queue_delays_us = {500}};
    CHECK(space.default_configuration() == Configuration{"t4", 1, 1, 1, 0});
}

TEST_CASE("A space that isn't valid is refused by its key", "[analysis]")
{
    const auto rate = [](double amount) { return Load{Load::Kind::rate, amount}; };
    CHECK_THROWS_WITH(check(Space{.devices = {}}), "devices: there is none; give at least one");
    CHECK_THROWS_WITH(check(Space{.devices = {"b", "a", "b"}}), "devices: b is there twice; give it once");
    CHECK_NOTHROW(check(Space{.devices = {"b", "a"}}));
    CHECK_THROWS_WITH(check(Space{.variants = {}}), "variants: there is no value; give at least one");
    CHECK_THROWS_WITH(check(Space{.max_batches = {1, 4, 2}}),
                      "max_batch: the values don't ascend; give each once, the lowest first");
    CHECK_THROWS_AS(check(Space{.max_batches = {1, 1}}), SpecError);
    CHECK_THROWS_WITH(check(Space{.instances = {0, 1}}), "instances: 0 is not valid; use 1 or more");
    CHECK_THROWS_AS(check(Space{.queue_delays_us = {}}), SpecError);
    CHECK_THROWS_AS(check(Space{.loads = {}}), SpecError);
    CHECK_THROWS_WITH(check(Space{.loads = {{Load::Kind::concurrency, 1.5}}}),
                      "concurrency: 1.5 is not valid; use a whole number");
    CHECK_THROWS_WITH(check(Space{.loads = {rate(0)}}), "load: 0 is not valid; use a number above 0");
    CHECK_THROWS_WITH(check(Space{.loads = {{Load::Kind::concurrency, 4}, rate(5)}}),
                      "load: there are concurrencies and rates; give one of the two");
    CHECK_NOTHROW(check(Space{.loads = {rate(0.5)}}));
}
