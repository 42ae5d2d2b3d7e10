#include "common/report/lifecycle/request_price.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/support/sample_work.hpp"

using namespace fedgram;
using namespace fedgram::report;
using Catch::Matchers::Contains;
using energy::Arithmetic;

namespace {

energy::Figure figure(double value) { return {value, {}, {}, energy::EvidenceLevel::assumed, "for the test"}; }
energy::Figure figure(double low, double value, double high)
{
    return {value, low, high, energy::EvidenceLevel::assumed, "for the test"};
}

// 5e8 multiply-accumulates; 4 MB of weights and 2 MB of activations, all in float32.
energy::InferenceDemand request()
{
    energy::InferenceDemand demand;
    demand.work.samples = 1;
    demand.work.flops = 1'000'000'000;
    demand.work.memory_bytes = 6'000'000;
    demand.memory.model_bytes = 4'000'000;
    demand.memory.activation_bytes = 1'000'000;
    return demand;
}

// 1 GMAC/s behind a floor of 0.1 s; 10 W idle, 50 W busy.
energy::ServingProfile record(std::vector<Arithmetic> numbers = {Arithmetic::fp32})
{
    energy::ServingProfile profile;
    profile.id = "asic";
    for (const auto each : numbers) profile.rates.push_back({each, figure(1), {}});
    profile.floor_s = figure(0.1);
    profile.idle_w = figure(10);
    profile.busy_w = figure(50);
    return profile;
}

RequestPrices priced(const energy::ServingProfile& device, std::uint32_t batch = 1)
{
    const auto found = priced_request(request(), device, batch);
    INFO(found.why_not);
    REQUIRE(found.prices);
    return *found.prices;
}

}  // namespace

TEST_CASE("A prediction of a batch has its share of the batch", "[report]")
{
    // By hand: 0.1 s and 0.5 s each.
    CHECK(priced(record()).likely.service.count() == Approx(0.6));
    CHECK(priced(record()).likely.busy.count() == Approx(30));
    const auto four = priced(record(), 4);
    CHECK(four.likely.service.count() == Approx(2.1 / 4));
    CHECK(four.likely.busy.count() == Approx(50 * 2.1 / 4));
    CHECK(four.batch == 4);
}

TEST_CASE("A model of float32 is computed in the widest numbers of a device, which move fewer bytes", "[report]")
{
    CHECK(priced(record()).numbers == Arithmetic::fp32);
    CHECK(priced(record({Arithmetic::fp16, Arithmetic::fp32})).numbers == Arithmetic::fp32);
    CHECK(priced(record({Arithmetic::block_fp8, Arithmetic::fp16, Arithmetic::bf16})).numbers == Arithmetic::bf16);
    auto slow = record({Arithmetic::bf16});
    slow.memory_gb_s = figure(0.001);  // 1 MB/s
    // By hand: 3 MB of the 6 MB in half as many bytes.
    CHECK(priced(slow).likely.service.count() == Approx(0.1 + 3));
    CHECK_THAT(priced_request(request(), record({Arithmetic::int8}), 1).why_not,
               Contains("no rate of fp32 is known, of int8 alone: make such a model by `fedgram reduce`"));
    auto int8 = request();
    int8.int8_ops = int8.work.flops;
    int8.work.flops = 0;
    CHECK(priced_request(int8, record({Arithmetic::int8}), 1).prices->numbers == Arithmetic::int8);
    CHECK(priced_request(int8, record({Arithmetic::bf16}), 1).why_not == "asic: no rate of int8 is known");
}

TEST_CASE("What a device can't take at once is said", "[report]")
{
    auto small = record();
    small.largest_batch = figure(8);
    CHECK(priced_request(request(), small, 8).prices);
    CHECK(priced_request(request(), small, 9).why_not == "asic: takes batches of at most 8");
    small = record();
    small.memory_bytes = figure(6e6);  // weights and two samples' activations
    CHECK(priced_request(request(), small, 2).prices);
    CHECK(priced_request(request(), small, 3).why_not == "asic: 7.00 MB are more than its memory of 6.00 MB");
    small = record();
    small.busy_w.reset();
    CHECK(priced_request(request(), small, 1).why_not == "asic: its watts aren't known");
}

TEST_CASE("Waiting takes the record's power at a load, less what computing takes of it", "[report]")
{
    auto bent = record();
    bent.tenth_of_load_w = figure(34);
    for (const double load : {0.0, 0.06, 0.1, 0.5, 1.0}) {
        CHECK(priced(record()).likely.waiting->at(load).count() ==
              Approx(record().power(Arithmetic::fp32, load)->count() - 50 * load).margin(1e-12));
        CHECK(priced(bent).likely.waiting->at(load).count() ==
              Approx(bent.power(Arithmetic::fp32, load)->count() - 50 * load).margin(1e-12));
    }
    bent.tenth_of_load_w.reset();
    bent.idle_w.reset();
    CHECK_FALSE(priced(bent).likely.waiting);
}

TEST_CASE("Its ends are the fastest and the slowest, each at the least and the most watts", "[report]")
{
    CHECK(priced(record()).ends.empty());  // no figure has a band
    auto device = record();
    device.rates[0].gmac_per_s = figure(0.5, 1, 2);
    device.floor_s = figure(0.05, 0.1, 0.2);
    device.idle_w = figure(8, 10, 12);
    device.busy_w = figure(40, 50, 60);
    const auto prices = priced(device);
    REQUIRE(prices.ends.size() == 4);
    std::vector<double> joules;
    for (const auto& end : prices.ends) joules.push_back(end.busy.count());
    // By hand: 0.3 s and 1.2 s, at 40 W and 60 W.
    CHECK(*std::ranges::min_element(joules) == Approx(12));
    CHECK(*std::ranges::max_element(joules) == Approx(72));
    CHECK(prices.ends[0].waiting->idle.count() == 8);
    CHECK(prices.ends[1].waiting->idle.count() == 12);
}

TEST_CASE("Without a serving record the ends are those of the device profile", "[report]")
{
    energy::InferenceDevice device{.profile = energy::test::gpu()};
    CHECK(priced_request(request(), device).prices->ends.empty());
    device.profile->full_w = figure(180, 360, 720);
    const auto prices = *priced_request(request(), device).prices;
    REQUIRE(prices.ends.size() == 2);
    CHECK(prices.ends[0].busy.count() == Approx(180));  // 1 s at 1 GFLOP/s
    CHECK(prices.ends[1].busy.count() == Approx(720));
    device.profile->full_w = figure(360);
    device.profile->model_error = figure(0.5, 1, 2);  // as of a profile that no measurement was held against
    CHECK(priced_request(request(), device).prices->ends[1].busy.count() == Approx(720));
}
