#include "common/report/compare/compare.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "tests/support/sample_run.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace fedgram::report;

namespace {

Table table(std::uint32_t rounds, double grid)
{
    auto run = test::run();
    run.trainings[1].work = test::work_of(test::federated_lines(rounds));
    run.trainings[1].outcome.rounds = rounds;
    run.accounting.countries[0].intensity = GramsPerKilowattHour{grid};
    return build_table(run, run.accounting);
}

constexpr std::size_t federated = 2;  // behind the GPU's two columns

}  // namespace

TEST_CASE("The terms of a difference add up to it")
{
    const auto before = table(1, 400);
    const auto after = table(3, 500);
    const auto terms = difference(before, before.cell(0, federated), after, after.cell(0, federated));
    // A round: 80 J of training, 32 down, 64 up, 4 idle, 180 of the network; two more rounds at 400 g/kWh.
    REQUIRE(terms.size() == 6);
    CHECK(terms[0].difference.count() == Approx(160 / 3.6e6 * 400));
    CHECK(terms[1].difference.count() == Approx(64 / 3.6e6 * 400));
    CHECK(terms[2].difference.count() == Approx(128 / 3.6e6 * 400));
    CHECK(terms[3].difference.count() == Approx(8 / 3.6e6 * 400));
    CHECK(terms[4].difference.count() == Approx(360 / 3.6e6 * 400));
    // Then 1080 J at 100 g/kWh more.
    CHECK(terms[5].name == "grid");
    CHECK(terms[5].difference.count() == Approx(1080 / 3.6e6 * 100));
    GramsCO2e sum;
    for (const auto& term : terms) sum += term.difference;
    CHECK(sum.count() ==
          Approx((after.cell(0, federated).emissions.operational() - before.cell(0, federated).emissions.operational())
                     .count()));
}

TEST_CASE("A comparison tells each common column's terms and what drives them")
{
    const auto text = compare(table(1, 400), table(3, 400));
    CHECK_THAT(text,
               Catch::Matchers::Contains("fl, round: 0.040 g (0.031-0.073) -> 0.12 g (0.094-0.22), ratio 3.00\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("gpu, PUE 1.5: 0.600 g -> 0.600 g, ratio 1.00\n"));
    CHECK_THAT(text, Catch::Matchers::Contains("in United States, grid 400 -> 400 gCO2e/kWh\n"));
}

TEST_CASE("A comparison tells what was set up otherwise, and nothing where it is the same")
{
    auto run = test::run();
    run.trainings[1].outcome.start = "first/central.pt";
    run.trainings[1].outcome.frozen = run::FrozenCost{};
    run.trainings[1].outcome.frozen->layer = "conv2";
    run.trainings[1].outcome.is_in_bf16 = true;
    const auto before = build_table(test::run(), test::accounting());
    const auto after = build_table(run, test::accounting());
    CHECK_THAT(compare(before, after),
               Catch::Matchers::Contains("  start: drawn parameters -> first/central.pt\n"
                                         "  frozen layers: none -> up to conv2\n"
                                         "  precision of products: fp32 -> bf16, priced at float32 rates\n"));
    const auto json = compare_json(before, after)["columns"];
    CHECK(json[federated]["set_up"]["frozen_to"]["after"] == "up to conv2");
    CHECK(json[federated]["set_up"]["start"]["before"] == "drawn parameters");
    CHECK(json[0]["set_up"].empty());
    CHECK_THAT(compare(after, after), !Catch::Matchers::Contains("frozen layers"));
}

TEST_CASE("Runs without a common cell can't be compared")
{
    auto elsewhere = table(1, 400);
    for (auto& country : elsewhere.accounting.countries) country.iso3 = "DEU";
    CHECK_THROWS_AS(compare(table(1, 400), elsewhere), SpecError);
}

TEST_CASE("As JSON a comparison has each term in joules and grams, and the drivers")
{
    const auto json = compare_json(table(1, 400), table(3, 500));
    CHECK(json["country"] == "USA");
    CHECK(json["after"]["grid"]["gco2e_per_kwh"] == 500);
    REQUIRE(json["columns"].size() == 3);
    const auto& column = json["columns"][federated];
    CHECK(column["column"] == "fl, round");
    CHECK(column["before"]["spent_gco2e"].get<double>() == Approx(360 / 3.6e6 * 400));
    CHECK(column["after"]["spent_gco2e"].get<double>() == Approx(1080 / 3.6e6 * 500));
    CHECK(column["difference_gco2e"].get<double>() == Approx(0.15 - 0.04));
    CHECK(column["terms"][0]["term"] == "train");
    CHECK(column["terms"][0]["before_joules"].get<double>() == Approx(80));
    CHECK(column["terms"][0]["after_joules"].get<double>() == Approx(240));
    CHECK(column["ratio"].get<double>() == Approx(3.75));
    CHECK(column["drivers"]["rounds"]["after"] == 3);
    CHECK(column["drivers"]["gco2e_per_kwh"]["ratio"] == 1.25);
    CHECK(column["drivers"]["megabytes_both_ways"]["before"] == 40);
    CHECK(column["drivers"]["waiting_seconds"]["after"].get<double>() == Approx(6));
}
