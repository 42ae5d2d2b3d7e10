#include "common/report/statement/cost.hpp"

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

namespace {

run::RunRecord priced_run()
{
    auto run = test::run();
    run.accounting.energy_usd_per_kwh.value = 0.2;
    run.accounting.datacenter_devices.front().rental_usd_per_hour =
        energy::Figure{3.6, {}, {}, energy::EvidenceLevel::published, "for the test"};
    run.trainings[0].work.works[1].samples = 1'000;  // the evaluation: 1e9 FLOPs, 1 s, 360 J
    return run;
}

}  // namespace

TEST_CASE("Electricity is energy with PUE times its price, rent is device hours times theirs")
{
    const auto run = priced_run();
    const auto table = build_table(run, run.accounting);
    const auto costs = cost(table, run, table.columns[0]);
    CHECK(costs.electricity_usd == Approx(5400 / 3.6e6 * 0.2));
    CHECK(costs.rent_usd.value() == Approx(10.0 / 3600 * 3.6));
    CHECK(costs.usd() == costs.rent_usd);
    const auto federated = cost(table, run, table.columns[2]);
    CHECK(federated.electricity_usd == Approx(360 / 3.6e6 * 0.2));
    CHECK_FALSE(federated.rent_usd.has_value());
    CHECK(federated.usd() == federated.electricity_usd);
}

TEST_CASE("A prediction draws what an evaluation's sample does, with PUE")
{
    const auto run = priced_run();
    const auto table = build_table(run, run.accounting);
    const auto costs = cost(table, run, table.columns[0]);
    CHECK(costs.per_prediction.value().count() == Approx(0.36 * 1.5));
    CHECK(costs.predictions_as_training.value() == Approx(5400 / 0.54));         // 10,000
    CHECK_FALSE(cost(table, run, table.columns[2]).per_prediction.has_value());  // it never evaluated
}

TEST_CASE("A prediction computes the frozen layers, which evaluations did once and then read")
{
    auto run = priced_run();
    const auto table = build_table(run, run.accounting);
    const auto whole = cost(table, run, table.columns[0]).per_prediction.value();
    // 250 of the 1,000 samples were computed through them, for 1 GFLOP in 1 s at 360 W; 750 were read.
    run.trainings[0].outcome.frozen = run::FrozenCost{};
    run.trainings[0].outcome.frozen->evaluated_samples = 250;
    run.trainings[0].outcome.frozen->evaluation.flops = 1'000'000'000;
    CHECK(cost(table, run, table.columns[0]).per_prediction->count() == Approx(whole.count() + 3 * 0.36 * 1.5));
}
