#include "common/report/table/measured.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/report/explain/explain.hpp"
#include "common/report/explain/find_cell.hpp"
#include "common/report/render/render.hpp"
#include "common/report/statement/cost.hpp"
#include "common/report/statement/report.hpp"
#include "common/report/statement/utilization.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;
using Json = nlohmann::ordered_json;

namespace {

// The sample's centralized training, of four evaluations, is modelled at 3600 J. A GPU's counter, which moves each
// tenth of a second, read 1800 J in 40 s; so the lag is at most 4 x 0.1 / 40 = 1 %.
run::RunRecord measured_run()
{
    auto run = test::run();
    run.trainings[0].measured = {
        {{"coordinator", "GPU 0 Fake V100", "board", "counter", Joules{1800}, {}, {}, {}, {}, Seconds{30}},
         4,
         Seconds{40},
         Seconds{0.1}}};
    return run;
}

Table measured_table(const run::RunRecord& run)
{
    return build_table(run, test::accounting(), test::published(), MeasuredColumns::shown);
}

std::vector<std::string> headings(const Table& table)
{
    std::vector<std::string> all;
    for (const auto& column : table.columns) all.push_back(column.heading);
    return all;
}

}  // namespace

TEST_CASE("A measured training has columns only where they are asked for")
{
    const auto run = measured_run();
    const auto plain = build_table(run, test::accounting());
    CHECK(render(plain, Format::json) == render(build_table(test::run(), test::accounting()), Format::json));
    CHECK(headings(measured_table(run)) == std::vector<std::string>{"gpu, PUE 1.5", "gpu, PUE 1",
                                                                    "measured on GPU 0 Fake V100, PUE 1.5",
                                                                    "measured on GPU 0 Fake V100, PUE 1", "fl, round"});
}

TEST_CASE("A measured cell is the joules that were read x PUE x intensity")
{
    const auto table = measured_table(measured_run());
    // 1800 J = 0.0005 kWh; x 1.5 x 400 g/kWh = 0.3 g; France has a tenth.
    const auto& cell = table.cell(0, 2);
    CHECK(table.result(cell)->count() == Approx(0.3));
    CHECK(table.result(table.cell(0, 3))->count() == Approx(0.2));
    CHECK(table.result(table.cell(1, 2))->count() == Approx(0.03));
    CHECK(table.low(cell).count() == Approx(0.3 * 0.99));
    CHECK(table.high(cell).count() == Approx(0.3 * 1.01));
    CHECK_FALSE(cell.emissions.embodied);
    CHECK_FALSE(cell.published);
    // Modelled columns are as ever.
    CHECK(table.result(table.cell(0, 0))->count() == Approx(0.6));
}

TEST_CASE("A site has a measured column too, at its own PUE and grid")
{
    auto accounting = test::accounting();
    RegionIntensity site;
    site.provider = "here";
    site.region = "north";
    site.intensity = GramsPerKilowattHour{100};
    site.pue = Pue{2};
    accounting.datacenter_sites = {site};
    const auto run = measured_run();
    const auto table = build_table(run, accounting, {}, MeasuredColumns::shown);
    const auto& cell = find_cell(table, "FRA/measured on GPU 0 Fake V100, here:north, PUE 2");
    CHECK(table.result(cell)->count() == Approx(0.1));
}

TEST_CASE("What was measured stands beside what is modelled, with factors")
{
    const auto run = measured_run();
    const auto beside = measured_beside(run, run.accounting);
    REQUIRE(beside.size() == 1);
    REQUIRE(beside[0].modelled.size() == 1);
    const auto& modelled = beside[0].modelled[0];
    CHECK(modelled.joules.count() == Approx(3600));
    CHECK(beside[0].factor(modelled.joules) == Approx(2));
    CHECK(beside[0].factor(modelled.seconds) == Approx(modelled.seconds.count() / 40));

    const auto text = render(build_table(run, test::accounting()), Format::text, footnotes(run, test::accounting()));
    CHECK_THAT(text, Catch::Contains("central, GPU 0 Fake V100"));
    CHECK_THAT(text, Catch::Contains("75.0 %"));  // 30 of 40 s
    CHECK_THAT(text, Catch::Contains("modelled on gpu"));
    const auto json = Json::parse(render(measured_table(run), Format::json));
    CHECK(json.at("measured").at(0).at("modelled").at(0).at("joules_factor") == Approx(2));
    CHECK(json.at("cells").at(2).at("measured") == true);
    CHECK_FALSE(json.at("cells").at(0).contains("measured"));
}

TEST_CASE("A training that was measured in part has neither factor nor column, and the foot says so")
{
    auto run = measured_run();
    run.trainings[0].measured[0].phases = 3;
    CHECK(headings(measured_table(run)).size() == 3);
    CHECK(measured_beside(run, run.accounting)[0].modelled.empty());
    const auto text = render(build_table(run, test::accounting()), Format::text, footnotes(run, test::accounting()));
    CHECK_THAT(text, Catch::Contains("not measured from beginning to end (3 train phases)"));
}

TEST_CASE("Every format, explanation and statement says that a column is measured")
{
    const auto run = measured_run();
    const auto table = measured_table(run);
    const auto& cell = table.cell(0, 2);
    for (const auto format :
         {Format::text, Format::markdown, Format::csv, Format::latex, Format::codecarbon, Format::impact_framework})
        CHECK_THAT(render(table, format), Catch::Contains("measured on GPU 0 Fake V100"));
    CHECK_THAT(render(table, Format::markdown), Catch::Contains("unless a column says measured"));
    CHECK_THAT(render(table, Format::codecarbon), Catch::Contains("fedgram: measured"));

    const auto explained = explain(table, run, cell);
    CHECK_THAT(explained, Catch::Contains("4 phases, evaluations left out: 1800 J in 40 s, 45 W, a kernel in 30 s"));
    CHECK_THAT(explained, Catch::Contains("1800 J x PUE 1.5 = 2700 J"));
    CHECK_THAT(explained, Catch::Contains("2700 J / 3.6e6 x 400 = 0.3 g"));
    const auto json = explain_json(table, run, cell);
    CHECK(json.at("energy").at("method") == "counter");
    CHECK(json.at("measured").at("reading").at("joules") == 1800);
    CHECK_FALSE(json.contains("figures"));

    const auto reported = report::report(table, run);
    CHECK_THAT(reported, Catch::Contains("Energy is measured on the machine that trained (counter, board)"));
    CHECK_THAT(model_card(table, cell), Catch::Contains("energy measured on GPU 0 Fake V100"));
}

TEST_CASE("A measured column's use is what the driver said; its price and its predictions are unknown")
{
    const auto run = measured_run();
    const auto table = measured_table(run);
    const auto used = utilization(table, run, table.columns[2]);
    CHECK(*used.busy_share == Approx(0.75));
    CHECK(used.host->count() == Approx(10));
    CHECK_FALSE(used.of_sustained_rate);
    const auto costs = cost(table, run, table.columns[2]);
    CHECK(costs.electricity_usd == Approx(0.0005 * 1.5 * table.accounting.energy_usd_per_kwh.value));
    CHECK_FALSE(costs.rent_usd);
    CHECK_FALSE(costs.per_prediction);
}
