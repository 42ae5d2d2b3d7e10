#include "common/energy/pricing/served_inference.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::energy;

namespace {

Figure stated(double value) { return {value, {}, {}, EvidenceLevel::published, "a data sheet"}; }

// 1 ms of floor and 1 ms for 1 GMAC in float32; 10 W idle, 50 W busy.
ServingProfile chip()
{
    ServingProfile profile;
    profile.id = "chip";
    profile.rates = {{Arithmetic::fp32, stated(1000)}};
    profile.floor_s = stated(0.001);
    profile.memory_bytes = stated(1000);
    profile.idle_w = stated(10);
    profile.busy_w = stated(50);
    return profile;
}

InferenceDemand demand()
{
    InferenceDemand demand;
    demand.work.flops = 2'000'000'000;
    demand.memory.model_bytes = 900;
    demand.memory.activation_bytes = 100;
    return demand;
}

}  // namespace

TEST_CASE("A request by a serving record takes the floor and its sample, and watts by the load")
{
    const auto slow = *served_inference(demand(), chip(), 1).energy;
    CHECK(slow.basis == RequestBasis::served);
    CHECK(name(slow.basis) == "serving record");
    CHECK(slow.service.count() == Approx(0.002));
    CHECK(slow.busy.count() == Approx(0.1));
    // Busy for 0.2 % of a second: 10.08 W, 0.1 J of which are computing.
    CHECK(slow.idle->count() == Approx(9.98));
    CHECK(slow.instances == 1);
    // 1000 a second take two that never wait.
    const auto full = *served_inference(demand(), chip(), 1000).energy;
    CHECK(full.instances == 2);
    CHECK(full.idle->count() == Approx(0).margin(1e-12));
}

TEST_CASE("Without idle watts waiting isn't known, and what doesn't fit says so")
{
    auto device = chip();
    device.idle_w.reset();
    CHECK_FALSE(served_inference(demand(), device, 1).energy->idle);
    device.memory_bytes = stated(999);
    const auto refused = served_inference(demand(), device, 1);
    CHECK(refused.is_too_large);
    CHECK(refused.why_not == "chip: 1000 bytes are more than its memory of 999");
}

TEST_CASE("A record prices what it has a rate of, and watts")
{
    CHECK(prices(chip(), demand()));
    InferenceDemand int8;
    int8.int8_ops = 2;
    CHECK_FALSE(prices(chip(), int8));
    auto dark = chip();
    dark.busy_w.reset();
    CHECK_FALSE(prices(dark, demand()));
}

TEST_CASE("What isn't a weight is moved for each request")
{
    auto one = demand();
    one.work.memory_bytes = 1500;
    CHECK(batch_demand(one).weight_bytes == 900);
    CHECK(batch_demand(one).activation_bytes == 600);
    CHECK(batch_demand(one).macs == 1'000'000'000);
}

TEST_CASE("A rate takes as many devices as it keeps busy, and they wait for the rest of their time")
{
    const RequestPrice price{Seconds{0.5}, Joules{20}, WaitingPower{Watts{10}}};
    const auto rare = use_at(price, 0.1);
    CHECK(rare.devices == 1);
    CHECK(rare.load == Approx(0.05));
    CHECK(rare.waiting->count() == Approx(10 * 9.5));
    CHECK(rare.sum(price).count() == Approx(115));
    const auto many = use_at(price, 5);  // 2.5 devices' work on three
    CHECK(many.devices == 3);
    CHECK(many.waiting->count() == Approx(10 * (0.6 - 0.5)));
    CHECK(use_at(price, 4).devices == 2);
    CHECK(use_at(price, 4).waiting->count() == 0);
    CHECK_FALSE(use_at(RequestPrice{Seconds{0.5}, Joules{20}}, 1).waiting);
}

// 2 cores, of which a request of 2 ms takes 1 ms: a quarter of what both are able to do.
TEST_CASE("What keeps a device computing for a share of its service draws busy watts for that share")
{
    const RequestPrice price{Seconds{0.002}, Joules{0.025}, WaitingPower{Watts{10}}, 0.25};
    const auto use = use_at(price, 400);
    CHECK(use.devices == 1);
    CHECK(use.load == Approx(0.8));
    CHECK(use.waiting->count() == Approx(10 * (1 - 0.2) / 400));
}
