#include "common/carbon/emissions/energy_band.hpp"

#include <catch2/catch.hpp>

#include "common/energy/pricing/pricing.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

// One round of two nodes: transfers 96 J, training 10 W x (3 + 5) s, idle 2 W x 2 s, router 24 s x 7.5 W: 360 J.
EnergyBand band_of(const energy::DeviceProfile& device)
{
    const auto accounting = test::accounting();
    const auto price = [&](std::span<const energy::DeviceProfile> devices, const NetworkModel& network) {
        return federated_column(
            energy::federated_energy(energy::test::federated_work(), devices.front(), accounting.link), accounting,
            network);
    };
    return energy_band({&device, 1}, NetworkModel{}, price({&device, 1}, NetworkModel{}), price);
}

energy::DeviceProfile banded()
{
    auto device = energy::test::round_figures();
    device.full_w.low = 8;
    device.full_w.high = 12;
    device.sustained_gflops.low = 0.5;
    device.sustained_gflops.high = 2;
    return device;
}

}  // namespace

TEST_CASE("Each figure's pull is the energy at the ends of its band, the widest first")
{
    const auto sensitivities = band_of(banded()).sensitivities;
    REQUIRE(sensitivities.size() == 3);
    CHECK(sensitivities[0].figure == "router_w of the network");
    CHECK(sensitivities[0].at_from.count() == Approx(180 + 24 * 4.2));
    CHECK(sensitivities[0].at_to.count() == Approx(180 + 24 * 20));
    // Half the rate: 6 and 10 s of training, 4 s of waiting. Twice: 1.5 and 2.5 s, 1 s.
    CHECK(sensitivities[1].figure == "sustained_gflops of round");
    CHECK(sensitivities[1].at_from.count() == Approx(96 + 160 + 8 + 180));
    CHECK(sensitivities[1].at_to.count() == Approx(96 + 40 + 2 + 180));
    CHECK(sensitivities[2].figure == "full_w of round");
    CHECK(sensitivities[2].at_from.count() == Approx(360 - 16));
    CHECK(sensitivities[2].at_to.count() == Approx(360 + 16));
}

TEST_CASE("A band has every figure at the end that draws least, or most")
{
    const auto band = band_of(banded());
    CHECK(band.low().count() == Approx(96 + 8 * 4 + 2 * 1 + 24 * 4.2));
    CHECK(band.high().count() == Approx(96 + 12 * 16 + 2 * 4 + 24 * 20));
    for (const auto& sensitivity : band.sensitivities) {
        CHECK(band.low() <= sensitivity.lower());
        CHECK(sensitivity.upper() <= band.high());
    }
}

TEST_CASE("A half-known band reaches from the likely value to the end that is known")
{
    auto device = energy::test::round_figures();
    device.full_w.high = 12;
    const auto band = band_of(device);
    REQUIRE(band.sensitivities.size() == 2);
    CHECK(band.sensitivities[1].at_from.count() == Approx(360));
    CHECK(band.sensitivities[1].at_to.count() == Approx(376));
}

TEST_CASE("A figure that another one hides counts once that one is at its end, too")
{
    // 4 s of arithmetic hide 3 s of memory; both at their high ends leave 1 s of memory, both at their low ends 8 s.
    const auto work = energy::training_work(std::vector<energy::PhaseWork>{
        {0, 1, energy::Phase::train, {.flops = 4'000'000'000, .memory_bytes = 3'000'000'000}}});
    auto device = energy::test::round_figures();
    device.sustained_gflops.low = 0.5;
    device.sustained_gflops.high = 10;
    device.memory_gb_s.low = 0.9;
    device.memory_gb_s.high = 3;
    const auto accounting = test::accounting();
    const auto price = [&](std::span<const energy::DeviceProfile> devices, const NetworkModel& network) {
        return centralized_column(energy::centralized_course(work, devices.front()).sum, Pue{1}, accounting, network,
                                  0);
    };
    const auto band = energy_band({&device, 1}, NetworkModel{}, price({&device, 1}, NetworkModel{}), price);
    CHECK(band.low().count() == Approx(10));
    CHECK(band.high().count() == Approx(80));
}

TEST_CASE("What doesn't matter to a column is not among its sensitivities")
{
    auto device = banded();
    device.memory_gb_s.low = 0.9;  // the sample's work moves no memory
    CHECK(band_of(device).sensitivities.size() == 3);
}
