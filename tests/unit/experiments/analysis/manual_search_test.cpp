#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/unit/experiments/analysis/searched.hpp"

using namespace fedgram::experiments::analysis;

TEST_CASE("A manual search measures the full product, whatever comes of it, behind the default configuration",
          "[analysis]")
{
    const Space space{.devices = {"t4", "a100"},
                      .variants = {0, 2},
                      .max_batches = {3, 8},
                      .instances = {2},
                      .queue_delays_us = {0, 250},
                      .loads = {{Load::Kind::rate, 0.5}, {Load::Kind::rate, 10}, {Load::Kind::rate, 11}}};
    auto entries = searched(Mode::manual, space, {}, [](const Probe&) { return Measurement{.throughput_per_s = 1}; });
    CHECK(loads_of(entries, space.default_configuration()) == std::vector<double>{0.5, 10, 11});
    CHECK(entries.front().probe.configuration == space.default_configuration());
    CHECK(entries.size() == 3 + 2 * 2 * 2 * 1 * 2 * 3);
    std::ranges::sort(entries, {}, &JournalEntry::probe);
    CHECK(std::ranges::adjacent_find(entries, {}, &JournalEntry::probe) == entries.end());
}
