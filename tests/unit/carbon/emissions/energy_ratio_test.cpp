#include "common/carbon/emissions/energy_ratio.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/energy/pricing/round_figures.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

// Joules as plain multiples of figures: so many seconds at full_w and at idle_w, and of the router.
struct Weights {
    double full;
    double idle;
    double router;
};

struct Priced {
    Priced(const energy::DeviceProfile& on, Weights weights)
        : device{on},
          price{[weights](std::span<const energy::DeviceProfile> devices, const NetworkModel& network) {
              const auto& profile = devices.front();
              ColumnEnergy energy;
              energy.devices = Joules{profile.full_w.value * weights.full + profile.idle_w.value * weights.idle};
              energy.network = Joules{network.router_w.value * weights.router};
              return energy;
          }},
          likely{price({&device, 1}, NetworkModel{}).operational()},
          band{energy_band({&device, 1}, NetworkModel{}, price({&device, 1}, NetworkModel{}), price)}
    {
    }

    [[nodiscard]] ComparedEnergy compared() const { return {{&device, 1}, likely, &band, &price}; }

    energy::DeviceProfile device;
    Price price;
    Joules likely;
    EnergyBand band;
};

energy::Figure between(double low, double likely, double high) { return {likely, low, high, {}, "for the test"}; }

energy::DeviceProfile device(const std::string& id)
{
    auto profile = energy::test::round_figures();
    profile.id = id;
    profile.full_w = between(8, 10, 12);
    profile.idle_w = between(1, 2, 4);
    return profile;
}

EnergyRatio ratio_of(const Priced& first, const Priced& second)
{
    return energy_ratio(first.compared(), second.compared(), NetworkModel{}).value();
}

}  // namespace

TEST_CASE("Figures of unlike devices go to their ends by themselves, the network's to one end for both")
{
    // The router draws 7.5 W, 4.2 to 20. First: 100 J (80 to 120) and 75 J (42 to 200); second: 20 J (10 to 40) and
    // 150 J (84 to 400).
    const auto ratio = ratio_of({device("a"), {10, 0, 10}}, {device("b"), {0, 10, 20}});
    CHECK(ratio.likely == Approx(175.0 / 170));
    CHECK(ratio.low == Approx((80.0 + 200) / (40 + 400)));  // the router at its high end
    CHECK(ratio.high == Approx((120.0 + 42) / (10 + 84)));  // and at its low one
}

TEST_CASE("What both rest on in proportion leaves their ratio as it is")
{
    const auto ratio = ratio_of({device("a"), {10, 5, 2}}, {device("a"), {20, 10, 4}});
    CHECK(ratio.likely == Approx(0.5));
    CHECK(ratio.low == Approx(0.5));
    CHECK(ratio.high == Approx(0.5));
}

TEST_CASE("Figures that two columns share on one device have the same value in both")
{
    // 10 full + idle over 5 full + 10 idle: least at 8 W and 4 W, most at 12 W and 1 W.
    const auto ratio = ratio_of({device("a"), {10, 1, 0}}, {device("a"), {5, 10, 0}});
    CHECK(ratio.likely == Approx(102.0 / 70));
    CHECK(ratio.low == Approx(84.0 / 80));
    CHECK(ratio.high == Approx(121.0 / 70));
}

TEST_CASE("A measured column shares no figure with a modelled one")
{
    const Priced modelled{device("a"), {10, 0, 0}};
    const EnergyBand lag{{Joules{45}, {}, {}, {}}, {Joules{55}, {}, {}, {}}, {}};
    const ComparedEnergy measured{{}, Joules{50}, &lag, nullptr};
    const auto ratio = energy_ratio(modelled.compared(), measured, NetworkModel{}).value();
    CHECK(ratio.low == Approx(80.0 / 55));
    CHECK(ratio.high == Approx(120.0 / 45));
}

TEST_CASE("There is no ratio to what may draw nothing")
{
    const Priced some{device("a"), {1, 0, 0}};
    const Priced none{device("b"), {0, 0, 0}};
    CHECK_FALSE(energy_ratio(some.compared(), none.compared(), NetworkModel{}));
}
