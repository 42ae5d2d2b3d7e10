#include "common/report/table/table.hpp"

#include <set>

#include <catch2/catch.hpp>

#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

TEST_CASE("A table has each country by each centralized device and PUE, then the federated trainings")
{
    auto run = test::run();
    auto accounting = test::accounting();
    auto second = test::gpu();
    second.id = "old-gpu";
    accounting.datacenter_devices.push_back(second);
    const auto table = build_table(run, accounting);

    std::vector<std::string> headings;
    for (const auto& column : table.columns) headings.push_back(column.heading);
    CHECK(headings ==
          std::vector<std::string>{"gpu, PUE 1.5", "old-gpu, PUE 1.5", "gpu, PUE 1", "old-gpu, PUE 1", "fl, round"});
    CHECK(table.cells.size() == 10);
    CHECK(table.title() == "gCO2e to train sample to 90.0 % test accuracy");
}

TEST_CASE("Headings name the training where there is more than one centralized, and stay unique")
{
    auto run = test::run();
    run.trainings.push_back(run.trainings[0]);
    run.trainings.back().outcome.label = "other";
    const auto table = build_table(run, test::accounting());
    std::set<std::string> headings;
    for (const auto& column : table.columns) headings.insert(column.heading);
    CHECK(headings.size() == table.columns.size());
    CHECK(headings.contains("other, gpu, PUE 1.5"));
}

TEST_CASE("Cells are energy x PUE x intensity, plus network")
{
    const auto table = build_table(test::run(), test::accounting());
    // 0.001 kWh x 1.5 x 400 = 0.6; x 1.0: 0.4; federated 0.0001 kWh x 400 = 0.04. France has a tenth.
    CHECK(table.result(table.cell(0, 0))->count() == Approx(0.6));
    CHECK(table.result(table.cell(0, 1))->count() == Approx(0.4));
    CHECK(table.result(table.cell(0, 2))->count() == Approx(0.04));
    CHECK(table.result(table.cell(1, 0))->count() == Approx(0.06));
    CHECK(table.result(table.cell(1, 2))->count() == Approx(0.004));
    // Evaluation: 360 J x 1.5.
    CHECK(table.trainings[0].coordinator.count() == Approx(540));
}

TEST_CASE("Two columns of one device differ by the ratio of their PUEs")
{
    auto accounting = test::accounting();
    accounting.pue = {Pue{1.67}, Pue{1.11}};
    const auto table = build_table(test::run(), accounting);
    for (std::size_t i = 0; i < 2; ++i)
        CHECK(table.result(table.cell(i, 0))->count() / table.result(table.cell(i, 1))->count() == Approx(1.67 / 1.11));
}

TEST_CASE("A training that missed its target has no result, only what it spent")
{
    const auto table = build_table(test::run_not_reached(), test::accounting());
    CHECK_FALSE(table.result(table.cell(0, 2)).has_value());
    CHECK(table.cell(0, 2).emissions.operational().count() == Approx(0.04));
    CHECK(table.result(table.cell(0, 0)).has_value());
}

TEST_CASE("Without a target, cells are numbers")
{
    auto run = test::run();
    run.target.reset();
    for (auto& record : run.trainings) record.outcome.reached_target.reset();
    const auto table = build_table(run, test::accounting());
    CHECK(table.result(table.cell(0, 2)).has_value());
    CHECK(table.title() == "gCO2e to train sample");
    CHECK(table.stop_rule == "no target: each training runs to its limit");
}

TEST_CASE("Published cells stand beside ours where there are any")
{
    const auto table = build_table(test::run(), test::accounting(), test::published());
    CHECK(table.cell(0, 0).published == 1.0);
    CHECK_FALSE(table.cell(0, 1).published.has_value());
    CHECK(table.cell(0, 2).published == 0.1);
    CHECK_FALSE(table.cell(1, 2).published.has_value());
}
