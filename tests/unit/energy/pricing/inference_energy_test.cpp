#include "common/energy/pricing/inference_energy.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/energy/pricing/pricing.hpp"
#include "tests/support/sample_work.hpp"

using namespace fedgram;
using namespace fedgram::energy;

namespace {

// A board that takes 2 ms and 8 mJ for 10^6 multiply-accumulates in int8, and idles at 1 W.
InferenceDevice board(std::optional<double> ram = {})
{
    const auto figure = [](double value) { return Figure{value, {}, {}, EvidenceLevel::assumed, "for a test"}; };
    InferenceProfile profile;
    profile.id = "board";
    profile.name = "a board";
    profile.boundary = "board";
    profile.idle_w = figure(1);
    if (ram) profile.ram_bytes = figure(*ram);
    profile.rows.push_back({.network = "net",
                            .macs = 1'000'000,
                            .numbers = spec::NumberType::int8,
                            .seconds = Seconds{0.002},
                            .joules = Joules{0.008},
                            .setup = "one",
                            .use = InferenceRowUse::fitted,
                            .source = "for a test"});
    return {.profile = {}, .inference = profile};
}

InferenceDemand int8_demand()
{
    InferenceDemand demand;
    demand.int8_ops = 2'000'000;
    demand.memory = {.model_bytes = 1000, .activation_bytes = 500, .peak_operator = "pool1"};
    return demand;
}

}  // namespace

TEST_CASE("A device waits between requests, and that is drawn too")
{
    // At 100 a second: 10 ms each, 2 of them busy.
    const auto cost = inference_cost(int8_demand(), board(), 100);
    REQUIRE(cost.energy);
    CHECK(cost.energy->service.count() == Approx(0.002));
    CHECK(cost.energy->instances == 1);
    CHECK(cost.energy->busy.count() == Approx(0.008));
    REQUIRE(cost.energy->idle);
    CHECK(cost.energy->idle->count() == Approx(0.008));
    CHECK(cost.energy->sum().count() == Approx(0.016));
}

TEST_CASE("A load beyond one device takes more of them, which all wait")
{
    // At 1200 a second 2.4 devices are busy: 3 are there, and 0.6 of one waits.
    const auto cost = inference_cost(int8_demand(), board(), 1200);
    CHECK(cost.energy->instances == 3);
    CHECK(cost.energy->idle->count() == Approx(0.6 / 1200));
    // At 10 % of one device's load the idle share is the published picture: 90 % of the time.
    CHECK(inference_cost(int8_demand(), board(), 50).energy->idle->count() == Approx(0.018));
}

TEST_CASE("A model that a device can't compute, or can't hold, is told why")
{
    InferenceDemand in_float;
    in_float.work.flops = 1000;
    CHECK(inference_cost(in_float, board(), 1).why_not == "board: no rate of fp32 is known");
    CHECK(inference_cost(int8_demand(), {.profile = test::gpu(), .inference = {}}, 1).why_not ==
          test::gpu().id + ": no rate of int8 is known");
    const auto cost = inference_cost(int8_demand(), board(400), 1);
    CHECK_FALSE(cost.energy);
    CHECK(cost.why_not.find("pool1") != std::string::npos);
}

TEST_CASE("Where int8 alone was measured, float32 takes so many times as long at the same power")
{
    auto device = board();
    device.inference->fp32_slowdown = Figure{3, {}, {}, EvidenceLevel::assumed, "for a test"};
    InferenceDemand in_float;
    in_float.work.flops = 2'000'000;
    const auto cost = inference_cost(in_float, device, 1);
    REQUIRE(cost.energy);
    CHECK(cost.energy->service.count() == Approx(0.006));
    CHECK(cost.energy->busy.count() == Approx(0.024));
    CHECK(cost.energy->basis == RequestBasis::slowed_down);
    CHECK(inference_cost(int8_demand(), device, 1).energy->basis == RequestBasis::measured);
}

TEST_CASE("In float32 a request is priced as training is")
{
    InferenceDemand demand;
    demand.work.samples = 1;
    demand.work.steps = 1;
    demand.work.flops = 1'000'000;
    demand.work.memory_bytes = 1'000'000;
    demand.work.kernels = 10;
    const auto device = test::gpu();
    const auto cost = inference_cost(demand, {.profile = device, .inference = {}}, 1);
    CHECK(cost.energy->busy == price(demand.work, device).joules);
    CHECK(cost.energy->service == price(demand.work, device).seconds);
    CHECK(cost.energy->basis == RequestBasis::training);
}

TEST_CASE("An inference device reads back as it was written")
{
    for (const auto& device : {board(1e6), InferenceDevice{.profile = test::gpu(), .inference = {}}}) {
        const auto json = to_json(device);
        CHECK(to_json(parse_inference_device(json, "it")) == json);
    }
}
