#include "experiments/analyzing/virtual_server.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/report/lifecycle/request_price.hpp"
#include "tests/unit/energy/devices/served_form_json.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using energy::Arithmetic;

namespace {

energy::Figure stated(double value) { return {value, {}, {}, energy::EvidenceLevel::published, "a data sheet"}; }

// 1 ms of floor and 1 ms for each sample of 1 GMAC; 10 W idle, 50 W busy.
ServedDevice chip()
{
    ServedDevice device;
    device.profile.id = "chip";
    device.profile.rates = {{Arithmetic::fp32, stated(1000)}};
    device.profile.floor_s = stated(0.001);
    device.profile.memory_bytes = stated(1000);
    device.profile.largest_batch = stated(8);
    device.profile.idle_w = stated(10);
    device.profile.busy_w = stated(50);
    return device;
}

ServedModel model()
{
    ServedVariant variant;
    variant.variant = {"float32", "fp32", 0.9, Bytes{100}};
    variant.demand = {Arithmetic::fp32, 1'000'000'000, 100, 0, 10};
    auto int8 = variant;
    int8.demand.arithmetic = Arithmetic::int8;
    return {"net", {variant, int8}};
}

VirtualServer server(ServingPrices prices = {.pue = 2, .grid = GramsPerKilowattHour{3600}})
{
    return {model(), {chip()}, prices};
}

analysis::Probe probe(analysis::Configuration configuration, analysis::Load::Kind kind, double amount)
{
    configuration.device = "chip";
    return {configuration, {kind, amount}};
}

constexpr auto clients = analysis::Load::Kind::concurrency;
constexpr auto rate = analysis::Load::Kind::rate;

}  // namespace

TEST_CASE("A client by itself has an answer after the floor and its sample", "[analyzing]")
{
    const auto measured = server().measure(probe({}, clients, 1));
    CHECK(measured.failure.empty());
    CHECK(measured.throughput_per_s == Approx(500));
    CHECK(*measured.latency.p99_ms == Approx(2).epsilon(0.001));
    CHECK(measured.latency.requests == 4096);
    CHECK(measured.memory_bytes == 110);
    CHECK(measured.accuracy == 0.9);
    // 50 W x 2 ms x 1000 x a PUE of 2; 1 g for each 1000 J.
    CHECK(*measured.joules_per_1000 == Approx(200));
    CHECK(*measured.grams_per_1000 == Approx(0.2));
    CHECK(*measured.idle_share == Approx(0).margin(1e-9));
}

TEST_CASE("At a rate idle watts are drawn between requests", "[analyzing]")
{
    const auto measured = server().measure(probe({}, rate, 50));
    CHECK(measured.stable);
    CHECK(measured.throughput_per_s == Approx(50).epsilon(0.03));
    // Busy for a tenth of the time: 10 + 0.1 x 40 = 14 W, of which 9 W are drawn in waiting. 1000 x 14 / 50 x 2 J.
    CHECK(*measured.joules_per_1000 == Approx(560).epsilon(0.03));
    CHECK(*measured.idle_share == Approx(9. / 14).epsilon(0.02));
}

TEST_CASE("A closed loop with enough clients answers at capacity, whatever it takes to fill and to drain",
          "[analyzing]")
{
    for (const std::uint32_t instances : {1U, 2U, 5U}) {
        const analysis::Configuration full{.device = "chip", .max_batch = 8, .instances = instances};
        for (const double amount : {128., 1000., 1024.})
            CHECK(server().measure(probe(full, clients, amount)).throughput_per_s ==
                  Approx(server().capacity(full)).epsilon(0.001));
    }
}

TEST_CASE("No closed loop answers more than its capacity, nor in fewer joules than at capacity", "[analyzing]")
{
    for (const std::uint32_t batch : {1U, 2U, 3U, 5U, 8U})
        for (const std::uint32_t instances : {1U, 2U, 3U, 4U, 5U})
            for (const double amount : {1., 2., 7., 16., 48., 100., 1000.}) {
                const analysis::Configuration full{.device = "chip", .max_batch = batch, .instances = instances};
                const auto measured = server().measure(probe(full, clients, amount));
                INFO(batch << " at a batch, " << instances << " instances, " << amount << " clients");
                CHECK(measured.throughput_per_s <= server().capacity(full));
                CHECK(measured.throughput_per_s <= amount * 500);  // none is answered within less than 2 ms
                CHECK(*measured.joules_per_1000 >= server().joules_at_capacity(full)->count() * (1 - 1e-9));
            }
}

TEST_CASE("Joules at capacity hide what waiting takes", "[analyzing]")
{
    const analysis::Configuration one{.device = "chip"};
    CHECK(server().capacity(one) == Approx(500));
    CHECK(server().joules_at_capacity(one)->count() == Approx(200));
}

TEST_CASE("A rate at or above capacity isn't stable", "[analyzing]")
{
    CHECK(server().measure(probe({}, rate, 450)).stable);
    CHECK_FALSE(server().measure(probe({}, rate, 500)).stable);
    const auto above = server().measure(probe({}, rate, 1000));
    CHECK_FALSE(above.stable);
    CHECK(above.refused > 0);
}

TEST_CASE("Near capacity an open loop goes on until its latency is known, and says so where it never is", "[analyzing]")
{
    // S = 2 ms of one instance that neither batches nor shares: an M/D/1 queue, rho = 0.9. Its mean sojourn is 5.5
    // services (Pollaczek), so that a few thousand requests from an empty server know little of it.
    const auto near = server().measure(probe({}, rate, 450));
    CHECK(near.stable);
    CHECK(near.latency.requests > 20'000);
    CHECK(*near.latency.p99_ms > 5.5 * 2 * 2);
    // At 0.999 of capacity it is hundreds of services, and no number of requests within the bound knows it.
    CHECK_FALSE(server().measure(probe({}, rate, 499.5)).stable);
}

TEST_CASE("Clients are throughput times mean latency, of which waiting is a part", "[analyzing]")
{
    const auto alone = server().measure(probe({}, clients, 1)).latency;
    CHECK(*alone.mean_ms == Approx(2));
    CHECK(*alone.mean_queue_ms == Approx(0).margin(1e-9));
    // Little: N = X R. Each of 8 clients waits for seven others of 2 ms, but where the loop begins and ends.
    const auto eight = server().measure(probe({}, clients, 8));
    CHECK(eight.throughput_per_s * *eight.latency.mean_ms / 1000 == Approx(8).epsilon(0.01));
    CHECK(*eight.latency.mean_queue_ms == Approx(*eight.latency.mean_ms - 2));
    // An M/D/1 queue, rho = 0.5: it waits for rho / (2 (1 - rho)) services.
    const auto open = server().measure(probe({}, rate, 250)).latency;
    CHECK(*open.mean_queue_ms == Approx(1).epsilon(0.05));
    CHECK(*open.mean_ms == Approx(*open.mean_queue_ms + 2));
}

TEST_CASE("What a device can't do fails in words", "[analyzing]")
{
    const auto failure = [](analysis::Configuration configuration) {
        return server().measure(probe(configuration, clients, 1)).failure;
    };
    CHECK(failure({.variant = 1}) == "chip: no rate of int8 is known");
    CHECK(failure({.max_batch = 16}) == "chip: takes batches of at most 8");
    CHECK(failure({.max_batch = 8, .instances = 5}).empty());  // 5 x (100 + 8 x 10) = 900 bytes
    CHECK(failure({.max_batch = 8, .instances = 6}) == "chip: 0.00108 MB are more than its memory of 0.00100 MB");
}

TEST_CASE("A batch that takes too long for virtual time fails in words", "[analyzing]")
{
    auto slow = chip();
    slow.profile.rates.front().gmac_per_s = stated(1e-300);
    CHECK(VirtualServer{model(), {slow}, {}}.measure(probe({}, clients, 1)).failure ==
          "chip: a batch takes more than 1000 s");
}

// At a rate both price the same answers: one in virtual time, the other by its formula.
TEST_CASE("A life's predictions take what an analysis says of a batch of 1", "[analyzing]")
{
    energy::InferenceDemand demand;
    demand.work.flops = 2'000'000'000;
    demand.work.memory_bytes = demand.memory.model_bytes = 100;
    const auto prices = report::priced_request(demand, chip().profile, 1).prices.value();
    for (const double per_second : {1.0, 100.0, 400.0}) {
        const auto analyzed = server({.pue = 1}).measure(probe({}, rate, per_second));
        const auto use = energy::use_at(prices.likely, per_second);
        CHECK(use.devices == 1);
        CHECK(1000 * use.sum(prices.likely).count() == Approx(*analyzed.joules_per_1000).epsilon(0.03));
    }
}

TEST_CASE("A life's predictions take what an analysis says of batches that are always full", "[analyzing]")
{
    energy::InferenceDemand demand;
    demand.work.flops = 2'000'000'000;
    demand.work.memory_bytes = demand.memory.model_bytes = 100;
    const auto analyzed = server({.pue = 1}).measure(probe({.max_batch = 4}, clients, 32));
    const auto life = report::priced_request(demand, chip().profile, 4);
    REQUIRE(life.prices);
    CHECK(1 / life.prices->likely.service.count() == Approx(analyzed.throughput_per_s).epsilon(0.01));
    CHECK(1000 * life.prices->likely.busy.count() == Approx(*analyzed.joules_per_1000).epsilon(0.01));
}

TEST_CASE("Instances share the device, and each has weights and activations of its own", "[analyzing]")
{
    const auto two = server().measure(probe({.max_batch = 4, .instances = 2}, clients, 32));
    CHECK(two.throughput_per_s == Approx(1000).epsilon(0.02));
    CHECK(two.memory_bytes == 2 * (100 + 4 * 10));
}

TEST_CASE("The same probe gives the same measurement", "[analyzing]")
{
    for (const auto kind : {clients, rate})
        CHECK(server().measure(probe({.max_batch = 4}, kind, 100)) ==
              server().measure(probe({.max_batch = 4}, kind, 100)));
}

TEST_CASE("Without a grid there are no grams, and without watts no joules", "[analyzing]")
{
    CHECK_FALSE(server({.pue = 1}).measure(probe({}, clients, 1)).grams_per_1000);
    auto device = chip();
    device.profile.busy_w.reset();
    const VirtualServer unknown{model(), {device}, {.pue = 1, .grid = GramsPerKilowattHour{100}}};
    const auto measured = unknown.measure(probe({}, clients, 1));
    CHECK(measured.throughput_per_s > 0);
    CHECK_FALSE(measured.joules_per_1000);
    CHECK_FALSE(measured.grams_per_1000);
    CHECK_FALSE(unknown.joules_at_capacity({.device = "chip"}));
}

TEST_CASE("An answer takes device time and rent by the load, and the device is busy for a share of it", "[analyzing]")
{
    auto device = chip();
    device.profile.name = "A chip";
    device.profile.rental_usd_per_hour = stated(0.36);
    const VirtualServer rented{model(), {device}, {.pue = 2}};
    const auto full = rented.measure(probe({}, clients, 1)).costs;
    // 500 a second: 2 s of the device for 1000 answers, at 0.0001 USD a second.
    CHECK(*full.device_seconds == Approx(2));
    CHECK(*full.usd == Approx(0.0002));
    CHECK(*full.busy_share == Approx(1));
    const auto light = rented.measure(probe({}, rate, 50)).costs;
    CHECK(*light.device_seconds == Approx(20).epsilon(0.03));
    CHECK(*light.usd == Approx(0.002).epsilon(0.03));
    CHECK(*light.busy_share == Approx(0.1).epsilon(0.03));
    const auto at_capacity = rented.at_capacity({.device = "chip"}, {}).costs;
    CHECK(*at_capacity.usd == Approx(0.0002));
    CHECK(at_capacity.busy_share == 1);
    CHECK(rented.summary("chip").sku == "A chip");
    CHECK(rented.summary("chip").usd == UsdBasis::rent);
    CHECK(rented.why_unknown(analysis::Metric::usd).empty());
}

TEST_CASE("Dollars are of electricity where no rent is known, and unknown where watts aren't either", "[analyzing]")
{
    const ServingPrices prices{.pue = 2, .grid = {}, .usd_per_kwh = stated(0.36)};
    const VirtualServer owned{model(), {chip()}, prices};
    CHECK(owned.summary("chip").usd == UsdBasis::electricity);
    CHECK(*owned.measure(probe({}, clients, 1)).costs.usd == Approx(200 / 3.6e6 * 0.36));  // 200 J, PUE included

    auto dark = chip();
    dark.profile.busy_w.reset();
    const VirtualServer unknown{model(), {dark}, prices};
    CHECK(unknown.summary("chip").usd == UsdBasis::unknown);
    CHECK_FALSE(unknown.measure(probe({}, clients, 1)).costs.usd);
    CHECK_FALSE(unknown.why_unknown(analysis::Metric::usd).empty());

    auto rented = chip();
    rented.profile.id = "rented";
    rented.profile.rental_usd_per_hour = stated(0.36);
    CHECK_FALSE(VirtualServer(model(), {chip(), rented}, prices).why_unknown(analysis::Metric::usd).empty());
}

TEST_CASE("Joules have the band of the figures that they rest on", "[analyzing]")
{
    auto device = chip();
    CHECK_FALSE(server().joules_band(probe({}, clients, 1), server().measure(probe({}, clients, 1))));
    const auto banded = [](double low, double value, double high) {
        return energy::Figure{value, low, high, energy::EvidenceLevel::assumed, "a data sheet"};
    };
    device.profile.rates.front().gmac_per_s = banded(500, 1000, 2000);
    device.profile.idle_w = banded(5, 10, 20);
    device.profile.busy_w = banded(40, 50, 60);
    const VirtualServer unsure{model(), {device}, {.pue = 2}};
    const auto band_at = [&](const analysis::Probe& at) { return *unsure.joules_band(at, unsure.measure(at)); };

    // 40 W for 1 + 0.5 ms, and 60 W for 1 + 2 ms, a thousand times and with a PUE of 2.
    const auto alone = band_at(probe({}, clients, 1));
    CHECK(alone.low == Approx(120));
    CHECK(alone.high == Approx(360));
    const auto at_capacity = unsure.at_capacity({.device = "chip"}, {});
    CHECK(at_capacity.joules_band->low == Approx(120));
    CHECK(at_capacity.joules_band->high == Approx(360));

    // The slow one answers 333 a second, so that 450 go to two: each is busy for 0.675 of its time, with 47 W.
    const auto shared = band_at(probe({}, rate, 450));
    CHECK(shared.high == Approx(2 * 1000 * 47 / 225.).epsilon(0.03));
    CHECK(shared.low < *unsure.measure(probe({}, rate, 450)).joules_per_1000);
}

TEST_CASE("The network to the clients stands apart from the server's joules, whatever these are", "[analyzing]")
{
    const VirtualServer with{model(),
                             {chip()},
                             {.pue = 2,
                              .grid = GramsPerKilowattHour{3600},
                              .usd_per_kwh = {},
                              .network = ClientNetwork{Joules{0.5}, "a request"}}};
    const auto measured = with.measure(probe({}, clients, 1));
    CHECK(*measured.joules_per_1000 == Approx(200));
    CHECK(measured.costs.network_joules == 500);
    CHECK(*measured.costs.network_grams == Approx(0.5));  // no PUE
    CHECK(*analysis::value_of(measured, analysis::Metric::joules) == Approx(700));
    CHECK(with.subject() != server().subject());
}

namespace {

/// The chip with the model as it was measured in its server: 1.5 ms of a batch of 1, 0.5 ms of round trip.
VirtualServer measured_chip(const energy::ServedForm& form)
{
    auto device = chip();
    device.profile.cores = stated(2);
    device.profile.idle_w.reset();
    device.profile.forms.push_back(form);
    return {model(), {device}, {.grid = GramsPerKilowattHour{3600}}};
}

energy::ServedForm net() { return energy::parse_served_form(energy::test::served_form_json(), "form"); }

VirtualServer measured_chip() { return measured_chip(net()); }

}  // namespace

TEST_CASE("A model that was measured in a server takes what that took, and so do its clients", "[analyzing]")
{
    const auto server = measured_chip();
    const auto alone = server.measure(probe({}, clients, 1));
    CHECK(alone.throughput_per_s == Approx(500));
    CHECK(*alone.latency.p50_ms == Approx(2).epsilon(0.001));
    CHECK(*alone.core_seconds_per_1000 == Approx(1.7));  // 1 + 0.6 + 0.1 ms
    CHECK(*alone.joules_per_1000 == Approx(42.5));
    // Two clients keep it busy.
    CHECK(server.measure(probe({}, clients, 2)).throughput_per_s == Approx(1000 / 1.5).epsilon(0.001));
    // In an open loop 0.2 ms more of each: a batch of 1 takes 1.7 ms.
    CHECK(server.capacity(probe({}, rate, 1).configuration) == Approx(1000 / 1.7));
    CHECK_FALSE(server.measure(probe({}, rate, 600)).stable);
    // So seldom that each finds it asleep: 0.5 + 0.3 + 1.7 ms.
    CHECK(*server.measure(probe({}, rate, 0.5)).latency.p50_ms == Approx(2.5).epsilon(0.002));
}

TEST_CASE("However little a form says that busy cores take, server and clients have no more than all cores",
          "[analyzing]")
{
    auto form = net();
    form.full_batch_core_s.value = form.full_request_core_s.value = 0;
    form.most_per_s = stated(1500);
    const auto server = measured_chip(form);
    // 1 + 0.6 + 0.1 ms of the server, 0.2 + 0.1 ms of the client.
    const double server_share = 1.7 / 2.0;
    for (const auto kind : {clients, rate})
        for (const double amount : {1., 4., 64., 1000.}) {
            const analysis::Configuration two{.max_batch = 1, .instances = 2};
            const auto measured = server.measure(probe(two, kind, amount));
            INFO((kind == rate ? "at a rate of " : "clients: ") << amount);
            const double cores = *measured.core_seconds_per_1000 / 1000 * measured.throughput_per_s / server_share;
            CHECK(cores <= 2 * (1 + 1e-6));
            CHECK(measured.throughput_per_s <= 1500 * 1.02);
        }
    const analysis::Configuration batches{.device = "chip", .max_batch = 8, .instances = 2};
    CHECK(server.capacity(batches) == Approx(1500));
    CHECK(server.measure(probe(batches, clients, 64)).throughput_per_s == Approx(1500).epsilon(0.001));
}

TEST_CASE("Where it was measured core-seconds are known, and notes say of what", "[analyzing]")
{
    using analysis::Metric;
    CHECK_THAT(server().why_unknown(Metric::core_seconds), Catch::Matchers::Contains("calibrate --serving"));
    const auto measured = measured_chip();
    CHECK(measured.why_unknown(Metric::core_seconds).empty());
    std::string notes;
    for (const auto& note : measured.notes()) notes += note + "\n";
    CHECK_THAT(notes, Catch::Matchers::Contains("chip, float32: 400 us a batch and 100 us a request"));
    CHECK_THAT(notes, Catch::Matchers::Contains("share 2 cores"));
    CHECK_THAT(notes, Catch::Matchers::Contains("200 us more") && Catch::Matchers::Contains("Measured: a stopwatch."));
    CHECK(measured.space().instances == std::vector<std::uint32_t>{1, 2});
    CHECK_FALSE(server().measure(probe({}, clients, 1)).core_seconds_per_1000);
}
