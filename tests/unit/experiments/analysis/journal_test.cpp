#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/unit/experiments/analysis/searched.hpp"
#include "tests/unit/experiments/analysis/served_models.hpp"

using namespace fedgram;
using namespace fedgram::experiments::analysis;

namespace {

using Json = nlohmann::ordered_json;

struct Killed {};

const Space space{.variants = {0, 1},
                  .max_batches = {1, 2},
                  .instances = {1, 2},
                  .loads = {{Load::Kind::concurrency, 1}, {Load::Kind::concurrency, 8}, {Load::Kind::concurrency, 64}}};
const Goal goal{.constraints = {{Metric::p99, 2}}};

Measurement measured(const Probe& probe)
{
    auto measurement = by_formula(three_models_on_three_devices()[1], probe);
    measurement.throughput_per_s *= probe.configuration.variant == 1 ? 1.5 : 1;
    return measurement;
}

Journal full_journal()
{
    return {{{{{"t4", 2, 16, 3, 500}, {Load::Kind::concurrency, 64}},
              {.failure = "",
               .stable = false,
               .throughput_per_s = 1.0 / 3,
               .latency = {.requests = 700,
                           .p50_ms = 0.1,
                           .p90_ms = 0.2,
                           .p95_ms = 0.3,
                           .p99_ms = 0.4,
                           .mean_ms = 0.15,
                           .mean_queue_ms = 0.05},
               .refused = 5,
               .memory_bytes = 6e9,
               .accuracy = 0.7,
               .joules_per_1000 = 8.8,
               .grams_per_1000 = 9.9,
               .idle_share = 0.5,
               .core_seconds_per_1000 = 11}},
             {{{"here", 0, 1, 1, 0}, {Load::Kind::rate, 0.5}}, {.failure = "memory doesn't suffice"}}}};
}

}  // namespace

TEST_CASE("An entry of a journal comes back from its JSON as it was", "[analysis]")
{
    for (const auto& entry : full_journal().entries)
        CHECK(entry_from_json(Json::parse(to_json(entry).dump()), "file:2: line") == entry);
}

TEST_CASE("An entry without a mean latency is one of an earlier version", "[analysis]")
{
    auto json = to_json(full_journal().entries.front());
    json.erase("mean_ms");
    json.erase("mean_queue_ms");
    const auto latency = entry_from_json(json, "line").measurement.latency;
    CHECK(latency.p99_ms == 0.4);
    CHECK_FALSE(latency.mean_ms);
    CHECK_FALSE(latency.mean_queue_ms);
}

TEST_CASE("What is no entry of a journal is refused by its line and key", "[analysis]")
{
    auto json = to_json(full_journal().entries.back());
    json.erase("max_batch");
    CHECK_THROWS_AS(entry_from_json(json, "file:2: line"), DataError);
    CHECK_THROWS_WITH(entry_from_json(json, "file:2: line"),
                      Catch::StartsWith("file:2: line is no measurement: key 'max_batch'"));
    for (const auto& other : {Json::array(), Json{{"device", 3}}, Json(nullptr)})
        CHECK_THROWS_AS(entry_from_json(other, "file:2: line"), DataError);
}

TEST_CASE("A search that is killed at any measurement is taken up to the same result", "[analysis]")
{
    for (const auto mode : {Mode::quick, Mode::brute, Mode::manual}) {
        const auto undisturbed = carry_out(*make_search(mode, space, goal), {}, measured);
        REQUIRE(undisturbed.entries.size() >= 10);
        Journal saved;
        std::size_t kills = 0;
        std::size_t measurements = 0;
        while (true) {
            std::size_t patience = 3;
            try {
                const auto whole = carry_out(
                    *make_search(mode, space, goal), saved,
                    [&](const Probe& probe) {
                        if (patience-- == 0) throw Killed{};
                        ++measurements;
                        return measured(probe);
                    },
                    [&](const Journal& journal) {
                        saved.entries.push_back(entry_from_json(to_json(journal.entries.back()), "line"));
                    });
                CHECK(whole == undisturbed);
                break;
            } catch (const Killed&) {
                ++kills;
            }
        }
        CHECK(kills == (undisturbed.entries.size() - 1) / 3);
        CHECK(measurements == undisturbed.entries.size());  // none twice
        CHECK(saved == undisturbed);
    }
}

TEST_CASE("A search takes what another measured, and its journal has what it wanted itself", "[analysis]")
{
    const auto brute = carry_out(*make_search(Mode::brute, space, goal), {}, measured);
    const auto alone = carry_out(*make_search(Mode::quick, space, goal), {}, measured);
    std::size_t measurements = 0;
    const auto behind = carry_out(*make_search(Mode::quick, space, goal), brute, [&](const Probe& probe) {
        ++measurements;
        return measured(probe);
    });
    CHECK(behind == alone);
    CHECK(measurements < alone.entries.size());
}

TEST_CASE("A search asks the same until it is told, and each probe once", "[analysis]")
{
    const auto search = make_search(Mode::quick, space, goal);
    std::set<Probe> seen;
    while (const auto probe = search->next()) {
        CHECK(search->next() == probe);
        CHECK(seen.insert(*probe).second);
        search->measured(measured(*probe));
    }
}
