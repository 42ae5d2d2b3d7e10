#include "common/run/running_costs.hpp"

#include <catch2/catch.hpp>

#include <chrono>

#include "common/carbon/grid/hourly_series.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using run::RunningCosts;
using run::TrainingKind;

namespace {

std::vector<energy::TrainingEnergy> round_of(std::size_t places)
{
    const auto nodes = energy::test::two_nodes();
    const auto priced = energy::price(nodes, energy::test::round_figures(), energy::test::home_line);
    return energy::round_energy(nodes, priced, places);
}

}  // namespace

// A round of two nodes: 180 J of the devices, 4 J of them for waiting, and 180 J of the network.
TEST_CASE("A federated training's running costs are its devices and its network, in the first country")
{
    auto accounting = carbon::test::accounting();
    RunningCosts costs{accounting, TrainingKind::federated, 0};
    const auto first = costs.add(round_of(1));
    CHECK(first.devices.count() == Approx(180));
    CHECK(first.network.count() == Approx(180));
    CHECK(first.emissions->count() == Approx((180 + 180) / 3.6e6 * 400));
    CHECK(first.country == "USA");
    costs.add(round_of(1));
    CHECK(costs.operational().count() == Approx(720));
    CHECK(costs.emissions()->count() == Approx((360 + 360) / 3.6e6 * 400));

    accounting.idle = false;
    RunningCosts without_waiting{accounting, TrainingKind::federated, 0};
    without_waiting.add(round_of(1));
    CHECK(without_waiting.operational().count() == Approx(176 + 180));
}

// The two nodes draw 82 J and 98 J, and 90 J each in the network.
TEST_CASE("A node's running grams are those of its own place")
{
    auto accounting = carbon::test::accounting();
    auto elsewhere = accounting.countries.front();
    elsewhere.intensity = GramsPerKilowattHour{50};
    accounting.node_places = {std::nullopt, elsewhere};
    RunningCosts costs{accounting, TrainingKind::federated, 0};
    REQUIRE(costs.places() == 2);
    const auto drawn = round_of(2);
    const auto in_place = [&](std::size_t place) {
        return (drawn[place].train + drawn[place].download + drawn[place].upload + drawn[place].idle).count() + 90;
    };
    const auto round = costs.add(drawn);
    CHECK(in_place(0) + in_place(1) == Approx(360));
    CHECK(round.emissions->count() == Approx((in_place(0) * 400 + in_place(1) * 50) / 3.6e6));
}

TEST_CASE("A centralized training's running joules and grams are with the first PUE, and with moving the raw data")
{
    auto accounting = carbon::test::accounting();
    const auto course =
        energy::centralized_course(energy::training_work(energy::test::centralized_phases()), energy::test::gpu());
    RunningCosts costs{accounting, TrainingKind::centralized, 1'000'000};
    costs.add({&course.sum, 1});
    CHECK(costs.operational().count() == Approx(3600 * accounting.pue.front().ratio()));
    CHECK(costs.emissions()->count() == Approx(0.6));

    // 1 MB up: 0.8 s at 10 Mbit/s.
    accounting.raw_data_upload = true;
    const auto moving = accounting.network.router_w.value * 8e6 / (accounting.link.upload_mbit_s * 1e6);
    RunningCosts with_data{accounting, TrainingKind::centralized, 1'000'000};
    CHECK(with_data.add({&course.sum, 1}).network.count() == Approx(moving));
    CHECK(with_data.add({&course.sum, 1}).network.count() == Approx(0).margin(1e-12));
}

TEST_CASE("A training that outlasts its grid by the hour goes on, with grams that nobody knows")
{
    using namespace std::chrono_literals;
    auto accounting = carbon::test::accounting();
    accounting.countries.front().hourly = {"one-hour",
                                           {std::chrono::sys_days{2024y / 1 / 1}, {GramsPerKilowattHour{500}}}};
    energy::TrainingEnergy half_an_hour;
    half_an_hour.train = Joules{3.6e6};
    half_an_hour.virtual_time = Seconds{1800};
    RunningCosts costs{accounting, TrainingKind::centralized, 0};
    CHECK(costs.add({&half_an_hour, 1}).emissions->count() == Approx(1.5 * 500));
    CHECK(costs.add({&half_an_hour, 1}).emissions->count() == Approx(1.5 * 500));
    CHECK_FALSE(costs.add({&half_an_hour, 1}).emissions);
    CHECK_FALSE(costs.emissions());
    CHECK(costs.operational().count() == Approx(3 * 1.5 * 3.6e6));
}
