#include "experiments/analyzing/serving_prices.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

energy::Figure stated(double value) { return {value, {}, {}, energy::EvidenceLevel::published, "a bill"}; }

const ServingPrices prices{.pue = 1, .grid = GramsPerKilowattHour{360}, .usd_per_kwh = stated(0.2)};

ServingPrices with_network()
{
    auto with = prices;
    with.network = {Joules{100}, "784 bytes sent"};
    return with;
}

}  // namespace

TEST_CASE("Rent is paid for the time in which a device is there, and contains its electricity", "[analyzing]")
{
    // 500 a second: 1000 answers take 2 s, of 3600 for which 0.72 USD are paid.
    const auto costs = costs_of(prices, 500, Joules{3.6e5}, stated(0.72));
    CHECK(costs.device_seconds == 2);
    CHECK(*costs.usd == Approx(0.0004));
    CHECK_FALSE(costs.network_joules);
}

TEST_CASE("Without a rent the server's electricity is paid, and neither way the network's", "[analyzing]")
{
    CHECK(*costs_of(prices, 500, Joules{3.6e5}, {}).usd == Approx(0.1 * 0.2));  // 0.1 kWh
    const auto costs = costs_of(with_network(), 500, Joules{2.6e5}, {});
    CHECK(*costs.usd == Approx(2.6 / 36 * 0.2));  // the device's 2.6e5 J, without 1000 times 100 J of the network
    CHECK(costs.network_joules == 1e5);
    CHECK(*costs.network_grams == Approx(10));  // 1e5 J at 360 g/kWh
    CHECK(*costs_of(with_network(), 500, Joules{2.6e5}, stated(0.72)).usd == Approx(0.0004));
}

TEST_CASE("What isn't known costs nothing that could be named", "[analyzing]")
{
    CHECK_FALSE(costs_of(prices, 500, {}, {}).usd);
    CHECK(costs_of(with_network(), 500, {}, {}).network_joules == 1e5);
    CHECK_FALSE(costs_of({}, 500, Joules{1}, {}).usd);
    auto nowhere = with_network();
    nowhere.grid.reset();
    CHECK_FALSE(costs_of(nowhere, 500, {}, {}).network_grams);
}

TEST_CASE("A note says whose grams they are, and whether anybody stated that", "[analyzing]")
{
    auto placed = prices;
    CHECK_THAT(assumptions_note(placed, {}), StartsWith("PUE 1. fedgram "));
    placed.place = {"FRA", "ember-2026, 2024", true};
    CHECK_THAT(assumptions_note(placed, 50),
               StartsWith("Grams: FRA at 360 gCO2e/kWh (ember-2026, 2024). PUE 1. --rate 50. fedgram "));
    placed.place->is_stated = false;
    CHECK_THAT(assumptions_note(placed, {}), Contains("2024), the run's first country, as no --country says another."));
}

TEST_CASE("A note says whose network it is, and that a constraint counts it", "[analyzing]")
{
    CHECK_THAT(network_note(*with_network().network),
               Contains("100000 J for 1000 answers (784 bytes sent)") &&
                   Contains("constraints and objectives of joules and grams have both") &&
                   Contains("USD are the server's alone"));
    auto network = *with_network().network;
    network.band = text::Band{5e4, 4e5};
    CHECK_THAT(network_note(network), Contains(" 100000 (50000-400000) J for 1000 answers"));
}
