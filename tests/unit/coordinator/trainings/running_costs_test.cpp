#include "coordinator/trainings/running_costs.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using coordinator::RunningCosts;

// A round of two nodes: 180 J of the devices, 4 J of them for waiting, and 180 J of the network.
TEST_CASE("A federated training's running costs are its devices and its network, in the first country")
{
    const auto round = energy::federated_energy(energy::test::federated_rounds(), energy::test::round_figures(),
                                                energy::test::home_line);
    auto accounting = carbon::test::accounting();
    RunningCosts costs{accounting, true};
    costs.add(round);
    costs.add(round);
    CHECK(costs.devices().count() == Approx(360));
    CHECK(costs.emissions().count() == Approx((360 + 360) / 3.6e6 * 400));
    CHECK(costs.country() == "USA");

    accounting.idle = false;
    RunningCosts without_waiting{accounting, true};
    without_waiting.add(round);
    CHECK(without_waiting.devices().count() == Approx(176));
}

TEST_CASE("A centralized training's running grams are with the first PUE, its joules before it")
{
    const auto accounting = carbon::test::accounting();
    RunningCosts costs{accounting, false};
    costs.add(energy::centralized_course(energy::test::centralized_work(), energy::test::gpu()).sum);
    CHECK(costs.devices().count() == Approx(3600));
    CHECK(costs.emissions().count() == Approx(0.6));
}
