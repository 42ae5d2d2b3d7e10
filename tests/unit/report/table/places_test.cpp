#include <regex>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_grid.hpp"
#include "common/error/error.hpp"
#include "common/report/compare/compare.hpp"
#include "common/report/explain/explain.hpp"
#include "common/report/explain/find_cell.hpp"
#include "common/report/render/render.hpp"
#include "common/report/statement/report.hpp"
#include "common/report/table/table.hpp"
#include "common/text/utc_time.hpp"
#include "tests/support/sample_run.hpp"

// Tables whose cells don't all draw from the year's average of their row.

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;
using Catch::Matchers::Contains;
using Json = nlohmann::ordered_json;

namespace {

constexpr std::size_t federated = 2;  // behind the GPU's two columns

Table table_of(const Accounting& accounting) { return build_table(test::run(), accounting); }

// Node 0 in France, node 1 in the row's country.
Accounting in_two_places()
{
    auto accounting = test::accounting();
    accounting.node_places = {accounting.countries[1], std::nullopt};
    return accounting;
}

Accounting at_a_site()
{
    auto accounting = test::accounting();
    accounting.datacenter_sites = {{"gcp", "north", "Oslo", "NOR", 2024, GramsPerKilowattHour{30}, "lifecycle",
                                    "ember-2026", Pue{1.1}, "provider-pue"}};
    return accounting;
}

GridIntensity by_the_hour(std::vector<GramsPerKilowattHour> values)
{
    return hourly_grid(
        {{"CAL", HourlySeries{*text::parse_utc("2024-05-01T06:00:00Z"), std::move(values)}}, "lifecycle", "eia"});
}

Accounting hourly()
{
    auto accounting = test::accounting();
    accounting.countries[0] = by_the_hour({GramsPerKilowattHour{300}, GramsPerKilowattHour{600}});
    return accounting;
}

// A centralized training of 5400 s at 360 W.
run::RunRecord an_hour_and_a_half()
{
    auto run = test::run();
    run.trainings[0].work.works[0].flops = 5'400'000'000'000;
    return run;
}

}  // namespace

TEST_CASE("Each group of nodes draws from its place, its network too", "[places]")
{
    const auto table = table_of(in_two_places());
    // Node 0: 16 + 30 + 32 + 4 (waiting) = 82 J, node 1: 16 + 50 + 32 = 98 J; the network 90 J for each.
    const auto& in_usa = table.cell(0, federated);
    CHECK(in_usa.emissions.scope2.count() == Approx((82 * 40 + 98 * 400) / 3.6e6));
    CHECK(in_usa.emissions.network.count() == Approx((90 * 40 + 90 * 400) / 3.6e6));
    CHECK(in_usa.intensity.count() == Approx((172 * 40 + 188 * 400) / 360.0));
    // In France's row both are in France, and centralized columns know no nodes.
    CHECK(table.cell(1, federated).emissions.operational().count() == Approx(360 * 40 / 3.6e6));
    CHECK(table.cell(0, 0).emissions.scope2.count() == Approx(0.6));
}

TEST_CASE("A device's making is charged once, however many places there are", "[places]")
{
    auto accounting = in_two_places();
    accounting.edge_device.embodied_kgco2e =
        energy::Figure{87.66, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    accounting.edge_device.lifetime_years = energy::Figure{1, {}, {}, energy::EvidenceLevel::assumed, "for the test"};
    // 87,660 g / 8766 h = 10 g an hour; two nodes for 17 s.
    CHECK(table_of(accounting).cell(0, federated).emissions.embodied->count() == Approx(34 / 360.0));
}

TEST_CASE("Bands are at the effective intensity of the likely values", "[places]")
{
    const auto table = table_of(in_two_places());
    const auto& cell = table.cell(0, federated);
    const auto& band = table.columns[federated].band;
    CHECK(table.low(cell).count() == Approx(band.low().count() / 3.6e6 * cell.intensity.count()));
    CHECK_THAT(render(table, Format::text), Contains("at the effective intensity of the likely values"));
}

TEST_CASE("The table tells where nodes are", "[places]")
{
    const auto table = table_of(in_two_places());
    const std::string note =
        "Nodes in FRA, the row's country in turn, their network too: FRA 40.0 g/kWh (2024, lifecycle, ember-2026).";
    CHECK_THAT(render(table, Format::text), Contains(note) && Contains("effective gCO2e/kWh"));
    CHECK_THAT(render(table, Format::markdown), Contains(note));
    CHECK_THAT(render(table, Format::latex), Contains("Nodes in FRA"));
    CHECK_THAT(
        report::report(table, test::run()),
        Contains(
            "at an energy-weighted grid intensity of 228 gCO2e/kWh (nodes with their network in turn in France, United "
            "States: 40.0 in France, 2024, lifecycle, ember-2026; 400 in United States, 2024, lifecycle, ember-2026)"));
    const auto json = Json::parse(render(table, Format::json));
    CHECK(json["node_places"] == Json::parse(R"(["FRA", null])"));
    CHECK_THAT(model_card(table, table.cell(0, federated)),
               Contains("geographical_location: \"France, United States\""));
}

TEST_CASE("A cell of several places is explained place by place", "[places]")
{
    const auto table = table_of(in_two_places());
    const auto text = explain(table, test::run(), table.cell(0, federated));
    CHECK_THAT(text, Contains("40 gCO2e/kWh: France, 2024, lifecycle, ember-2026, nodes k with k mod 2 = 0\n"));
    CHECK_THAT(text, Contains("400 gCO2e/kWh: United States, 2024, lifecycle, ember-2026, nodes k with k mod 2 = 1\n"));
    CHECK_THAT(text, Contains("82 J / 3.6e6 x 40 + 98 J / 3.6e6 x 400 = 0.0118 g\n"));
    CHECK_THAT(text, Contains("90 J / 3.6e6 x 40 + 90 J / 3.6e6 x 400 = 0.011 g (scope 3)\n"));
}

TEST_CASE("The terms of a difference add up where nodes have moved", "[places]")
{
    const auto before = table_of(test::accounting());
    const auto after = table_of(in_two_places());
    GramsCO2e sum;
    for (const auto& term : difference(before, before.cell(0, federated), after, after.cell(0, federated)))
        sum += term.difference;
    CHECK(sum.count() ==
          Approx((after.cell(0, federated).emissions.operational() - before.cell(0, federated).emissions.operational())
                     .count()));
}

TEST_CASE("A site is a column with its own grid and PUE in every row", "[places]")
{
    const auto table = table_of(at_a_site());
    REQUIRE(table.columns.size() == 4);
    CHECK(table.columns[2].heading == "gpu, gcp:north, PUE 1.1");
    // 0.001 kWh x 1.1 x 30 g/kWh.
    for (const std::size_t country : {0U, 1U})
        CHECK(table.cell(country, 2).emissions.operational().count() == Approx(0.033));
    const auto json = Json::parse(render(table, Format::json));
    CHECK(json["cells"][2]["site"] == "gcp:north");
    CHECK(json["cells"][2]["gco2e_per_kwh"] == 30);
    CHECK(json["cells"][0]["site"].is_null());
    CHECK_THAT(render(table, Format::markdown),
               Contains("Site gcp:north (Oslo), in every row: 30.0 g/kWh (2024, lifecycle, ember-2026), PUE 1.1 "
                        "(provider-pue)."));
    CHECK_THAT(render(table, Format::codecarbon), Contains("NOR,,gcp,north,"));
    CHECK_THAT(explain(table, test::run(), find_cell(table, "USA/gcp:north")),
               Contains("30 gCO2e/kWh: gcp:north (Oslo), 2024, lifecycle, ember-2026\n"));
}

TEST_CASE("Published cells never stand beside a site", "[places]")
{
    auto accounting = at_a_site();
    accounting.datacenter_sites[0].pue = Pue{1.5};
    const auto table = build_table(test::run(), accounting, test::published());
    CHECK(table.cell(0, 0).published == 1.0);
    CHECK_FALSE(table.cell(0, 2).published.has_value());
}

TEST_CASE("The grid part of a ratio is by the nodes' places", "[places]")
{
    const auto table = build_table(test::run(), in_two_places(), test::published());
    // (172 x 40 + 188 x 400) / 360 J = 228 g/kWh, over 500.
    const auto text = render(table, Format::text);
    CHECK(std::regex_search(text, std::regex{"grid part +0\\.800 +- +0\\.456\n"}));
    CHECK_THAT(text, Contains("a federated cell's by its nodes' places"));
}

TEST_CASE("By the hour, a column meets the mean of its own hours", "[places]")
{
    const auto run = an_hour_and_a_half();
    const auto table = build_table(run, hourly());
    // Two thirds at 300, a third at 600 g/kWh: 400. 0.54 kWh x 1.5 x 400 = 324 g.
    CHECK(table.cell(0, 0).intensity.count() == Approx(400));
    CHECK(table.cell(0, 0).emissions.operational().count() == Approx(324));
    // 17 s in the first hour.
    CHECK(table.cell(0, federated).intensity.count() == Approx(300));
    // Evaluation and aggregation are drawn with the training's first column: 360 J x 1.5.
    CHECK(table.trainings[0].coordinator_emissions[0].count() == Approx(540 / 3.6e6 * 400));

    const auto text = render(table, Format::text);
    CHECK_THAT(text, Contains("hourly  2024  lifecycle         eia"));
    CHECK_THAT(text, Contains("CAL by the hour from 2024-05-01T06:00:00Z (lifecycle, eia)"));
    CHECK_THAT(render(table, Format::markdown), Contains("Grid: CAL by the hour from 2024-05-01T06:00:00Z"));
    CHECK_THAT(
        report::report(table, run),
        Contains("at a grid intensity of 400 gCO2e/kWh (CAL from 2024-05-01T06:00:00Z by the hour, lifecycle, eia)"));
    CHECK(&find_cell(table, "CAL/fl") == &table.cell(0, federated));
    const auto cell = explain(table, run, table.cell(0, 0));
    CHECK_THAT(cell, Contains("hour 1    300 gCO2e/kWh, weighted by 1944000 J\n"));
    CHECK_THAT(cell, Contains("hour 2    600 gCO2e/kWh, weighted by 972000 J\n"));
    CHECK_THAT(compare(table, table), Contains("in CAL from 2024-05-01T06:00:00Z by the hour\n"));
}

TEST_CASE("As JSON a cell has each place with what is drawn there, and no intensity of the row in their stead",
          "[places]")
{
    const auto table = table_of(in_two_places());
    const auto json = explain_json(table, test::run(), table.cell(0, federated));
    CHECK(json["node_places"] == Json::parse(R"(["FRA", null])"));
    const auto& emissions = json["emissions"];
    CHECK(emissions["gco2e_per_kwh"].get<double>() == Approx((172 * 40 + 188 * 400) / 360.0));
    REQUIRE(emissions["places"].size() == 2);
    CHECK(emissions["places"][0]["country"] == "FRA");
    CHECK(emissions["places"][0]["gco2e_per_kwh"] == 40);
    CHECK(emissions["places"][0]["device_joules"].get<double>() == Approx(82));
    CHECK(emissions["places"][1]["network_joules"].get<double>() == Approx(90));
    const auto reported = report_json(table, test::run());
    CHECK(reported["node_places"] == json["node_places"]);
    CHECK(reported["columns"][federated]["gco2e_per_kwh"] == emissions["gco2e_per_kwh"]);
    const auto compared = compare_json(table_of(test::accounting()), table);
    CHECK(compared["before"]["node_places"].empty());
    CHECK(compared["after"]["node_places"] == json["node_places"]);
    CHECK(compared["columns"][federated]["drivers"]["gco2e_per_kwh"]["before"] == 400);
}

TEST_CASE("As JSON a site is named beside its column", "[places]")
{
    const auto table = table_of(at_a_site());
    CHECK(explain_json(table, test::run(), table.cell(0, 2))["site"] == "gcp:north");
    CHECK(report_json(table, test::run())["columns"][2]["site"] == "gcp:north");
    CHECK(compare_json(table, table)["columns"][2]["site"] == "gcp:north");
    CHECK(compare_json(table, table)["columns"][0]["site"].is_null());
}

TEST_CASE("As JSON a row by the hour has its start and no mean of its own, and a cell its hours", "[places]")
{
    const auto run = an_hour_and_a_half();
    const auto table = build_table(run, hourly());
    const auto grid = report_json(table, run)["grid"];
    CHECK(grid["gco2e_per_kwh"].is_null());
    CHECK(grid["hourly_start"] == "2024-05-01T06:00:00Z");
    CHECK(compare_json(table, table)["after"]["grid"] == grid);
    const auto emissions = explain_json(table, run, table.cell(0, 0))["emissions"];
    CHECK(emissions["gco2e_per_kwh"].get<double>() == Approx(400));
    const auto& hours = emissions["places"][0]["hours"];
    REQUIRE(hours.size() == 2);
    CHECK(hours[1]["gco2e_per_kwh"] == 600);
    CHECK(hours[1]["joules"].get<double>() == Approx(972000));
}

TEST_CASE("Hours that were filled in or are forecasts are told with the grid's source", "[places]")
{
    const auto run = an_hour_and_a_half();
    auto accounting = hourly();
    auto& origins = accounting.countries[0].hourly->origins;
    origins.filled = {accounting.countries[0].hourly->hours.begin()};
    origins.forecast = {origins.filled[0], origins.filled[0] + std::chrono::hours{1}};
    const auto table = build_table(run, accounting);
    const std::string source = "lifecycle, eia, 1 h filled in, 2 h forecast";
    CHECK_THAT(render(table, Format::text),
               Contains("CAL by the hour from 2024-05-01T06:00:00Z (" + source + "): each"));
    CHECK_THAT(render(table, Format::markdown), Contains("(" + source + ")"));
    CHECK_THAT(explain(table, run, table.cell(0, 0)), Contains(source));
    CHECK_THAT(report::report(table, run), Contains("by the hour, " + source + ")"));
    const auto grid = report_json(table, run)["grid"];
    CHECK(grid["filled_hours"] == 1);
    CHECK(grid["forecast_hours"] == 2);
    CHECK(grid["left_out_min"] == 0);
    CHECK_FALSE(report_json(table_of(test::accounting()), test::run())["grid"].contains("filled_hours"));
}

TEST_CASE("On a grid without emissions a comparison has no ratio", "[places]")
{
    auto accounting = test::accounting();
    accounting.countries[0].intensity = GramsPerKilowattHour{0};
    const auto before = table_of(accounting);
    const auto after = table_of(test::accounting());
    CHECK_THAT(compare(before, after), Contains("fl, round: 0 g -> 0.040 g (0.031-0.073), ratio -\n"));
    const auto column = compare_json(before, after)["columns"][federated];
    CHECK(column["ratio"].is_null());
    CHECK(column["drivers"]["gco2e_per_kwh"]["ratio"].is_null());
    CHECK(report_json(before, test::run())["columns"][federated]["accuracy_percent_per_gco2e"].is_null());
}

TEST_CASE("A training that outlasts its series is refused with column, series and hours", "[places]")
{
    auto accounting = hourly();
    accounting.countries[0] = by_the_hour({GramsPerKilowattHour{300}});
    CHECK_THROWS_WITH(build_table(an_hour_and_a_half(), accounting),
                      "gpu, PUE 1.5: CAL: the series has 1 h from 2024-05-01T06:00:00Z on and the training needs 2; "
                      "start earlier, or give a longer series");
}

TEST_CASE("Nodes may be in a place by the hour", "[places]")
{
    auto accounting = in_two_places();
    accounting.node_places[0] = by_the_hour({GramsPerKilowattHour{100}});
    const auto table = table_of(accounting);
    CHECK(table.cell(0, federated).emissions.scope2.count() == Approx((82 * 100 + 98 * 400) / 3.6e6));
    CHECK_THAT(render(table, Format::text), Contains("CAL by the hour from 2024-05-01T06:00:00Z"));
}
