#include "common/carbon/emissions/emissions.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;

namespace {

energy::TrainingEnergy federated(std::uint32_t rounds = 1)
{
    return energy::federated_energy(energy::test::federated_work(rounds), energy::test::round_figures(),
                                    energy::test::home_line);
}

energy::TrainingEnergy centralized()
{
    return energy::centralized_course(energy::training_work(energy::test::centralized_phases()), test::gpu()).sum;
}

}  // namespace

TEST_CASE("Energy, PUE and grid intensity give a centralized training's emissions")
{
    // 0.001 kWh x 1.5 x 400 g/kWh = 0.6 g.
    const auto column = centralized_column(centralized(), Pue{1.5}, test::accounting(), 1'000'000);
    const auto result = emissions(column, GramsPerKilowattHour{400}, test::gpu());
    CHECK(result.scope2.count() == Approx(0.6));
    CHECK(result.network == GramsCO2e{0});
    CHECK(result.operational().count() == Approx(0.6));
    CHECK_FALSE(result.embodied.has_value());
    CHECK_FALSE(result.total().has_value());
}

TEST_CASE("Moving the raw data to the data centre is charged when asked for, without PUE")
{
    auto accounting = test::accounting();
    accounting.raw_data_upload = true;
    // 1 MB = 8 Mbit up at 10 Mbit/s: 0.8 s x 7.5 W = 6 J.
    const auto column = centralized_column({}, Pue{1.5}, accounting, 1'000'000);
    CHECK(column.network.count() == Approx(6));
}

TEST_CASE("A federated training's emissions are those of devices and network, without PUE")
{
    // 180 J of devices and 180 J of routers, each 5e-5 kWh, x 400 g/kWh = 0.02 g.
    const auto column = federated_column(federated(), test::accounting());
    const auto result = emissions(column, GramsPerKilowattHour{400}, energy::test::round_figures());
    CHECK(column.devices.count() == Approx(180));
    CHECK(column.network.count() == Approx(180));
    CHECK(result.scope2.count() == Approx(0.02));
    CHECK(result.network.count() == Approx(0.02));
    CHECK(result.operational().count() == Approx(0.04));
    // The other method: 0.04 GB x 0.03 kWh/GB = 0.0012 kWh = 4320 J.
    CHECK(column.network_otherwise.count() == Approx(4320));
}

TEST_CASE("Waiting can be left out")
{
    auto accounting = test::accounting();
    accounting.idle = false;
    const auto column = federated_column(federated(), accounting);
    CHECK(column.devices.count() == Approx(176));
    CHECK(column.device_time.count() == Approx(32));
    CHECK(federated_column(federated(), test::accounting()).device_time.count() == Approx(34));
}

TEST_CASE("With an embodied share there is a total")
{
    auto device = energy::test::round_figures();
    // 8766 g over 8766 h: 1 g an hour, and 34 s of two devices.
    device.embodied_kgco2e = energy::Figure{8.766, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    device.lifetime_years = energy::Figure{1, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    const auto result = emissions(federated_column(federated(), test::accounting()), GramsPerKilowattHour{400}, device);
    REQUIRE(result.total().has_value());
    CHECK(result.embodied->count() == Approx(34.0 / 3600));
    CHECK(result.total()->count() == Approx(0.04 + 34.0 / 3600));
}

TEST_CASE("Emissions are linear in intensity and in rounds")
{
    const auto grams = [](std::uint32_t rounds, double intensity) {
        return emissions(federated_column(federated(rounds), test::accounting()), GramsPerKilowattHour{intensity},
                         energy::test::round_figures());
    };
    for (const double factor : {2.0, 3.5, 0.1})
        CHECK(grams(3, 400 * factor).operational().count() == Approx(factor * grams(3, 400).operational().count()));
    CHECK(grams(10, 400).network.count() == Approx(2 * grams(5, 400).network.count()));
    CHECK(grams(10, 400).scope2.count() == Approx(2 * grams(5, 400).scope2.count()));
}
