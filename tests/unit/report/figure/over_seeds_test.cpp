#include "common/report/figure/over_seeds.hpp"

#include <catch2/catch.hpp>

#include "common/report/drawing/svg_figure.hpp"
#include "common/report/figure/figure_csv.hpp"

using namespace fedgram::report;
using Catch::Matchers::Contains;

namespace {

const Axis grams{"Emissions", "gCO2e", "gco2e"};

Figure curves()
{
    return {"title",
            AccuracyCurves{grams,
                           {{{"one", "fl"}, {{1, 2, 0.5}, {2, 4, 0.9}}},
                            {{"two", "fl", "not reached"}, {{1, 4, 0.7}, {2, 8, 0.8}, {3, 12, 0.85}}},
                            {{"other", "fl"}, {{1, 1, 0.4}}}},
                           {0.9}},
            true};
}

const std::vector<RunsOfSeeds> groups{{"alpha 1", {"one", "two"}}, {"alpha 5", {"other"}}};

}  // namespace

TEST_CASE("A point of a curve over seeds is the mean of the seeds that were evaluated in its round")
{
    const auto figure = over_seeds(curves(), groups);
    const auto& content = std::get<AccuracyCurves>(figure.content);
    REQUIRE(content.curves.size() == 2);
    CHECK(figure.name(content.curves[0].source) == "alpha 1: fl: missed in 1 of 2");
    CHECK(figure.name(content.curves[1].source) == "alpha 5: fl");
    // Round 1, by hand: 2 and 4 g, 0.5 and 0.7; the deviation is the root of 2 x 0.1^2 / 1.
    const auto& points = content.curves[0].points;
    REQUIRE(points.size() == 3);
    CHECK(points[0].spent == 3);
    CHECK(points[0].accuracy == Approx(0.6));
    CHECK(points[0].over_seeds->standard_deviation.value() == Approx(0.141421));
    CHECK(points[0].over_seeds->least == 0.5);
    CHECK(points[0].over_seeds->most == 0.7);
    CHECK(points[2].accuracy == 0.85);
    CHECK(points[2].over_seeds->count == 1);
}

TEST_CASE("The numbers of a figure over seeds have deviation, least, most and how many")
{
    const auto csv = figure_csv(over_seeds(curves(), groups));
    CHECK_THAT(csv, Catch::StartsWith("run,name,missed,round,gco2e,test_accuracy,deviation,least,most,seeds\n"));
    CHECK_THAT(csv, Contains("\nalpha 1,fl,missed in 1 of 2,3,12,0.85,,0.85,0.85,1\n"));
    CHECK_THAT(csv, Contains("\nalpha 5,fl,,1,1,0.4,,0.4,0.4,1\n"));
}

TEST_CASE("A dot over seeds has the mean of those with a result, and of the ends of their bands")
{
    const Figure each{"title",
                      Dots{grams,
                           "country",
                           {"USA", "France"},
                           {{{"one", "fl"}, {BandedValue{1, {0.5, 3}}, BandedValue{0.1, {0.1, 0.1}}}},
                            {{"two", "fl", "diverged"}, {std::nullopt, std::nullopt}},
                            {{"other", "fl"}, {BandedValue{3, {1.5, 5}}, std::nullopt}}}},
                      true};
    const auto figure = over_seeds(each, std::vector<RunsOfSeeds>{{"seeds 1, 2, 3", {"one", "two", "other"}}});
    const auto& content = std::get<Dots>(figure.content);
    REQUIRE(content.series.size() == 1);
    CHECK(figure.name(content.series[0].source) == "fl: missed in 1 of 3");
    const auto& usa = content.series[0].values[0];
    CHECK(usa->value == 2);
    CHECK(usa->band.low == 1);
    CHECK(usa->band.high == 4);
    CHECK(usa->over_seeds->count == 2);
    CHECK(content.series[0].values[1]->over_seeds->count == 1);
    CHECK_THAT(figure_csv(figure), Contains(",USA,2,1,4,1.4142135623730951,1,3,2\n"));
    CHECK_THAT(svg_figure(figure, FigureWidth::one_column), Contains("Mean over the seeds"));
}

TEST_CASE("Parts over seeds are the mean of each")
{
    const Figure each{"title", Stacks{grams, {"train", "network"}, {{{"one", "fl"}, {1, 4}}, {{"two", "fl"}, {3, 8}}}},
                      true};
    const auto figure = over_seeds(each, std::vector<RunsOfSeeds>{{"seeds 1, 2", {"one", "two"}}});
    CHECK(std::get<Stacks>(figure.content).stacks[0].values == std::vector<double>{2, 6});
}

TEST_CASE("The spread of a curve over seeds is an area beneath it")
{
    CHECK_THAT(svg_figure(over_seeds(curves(), groups), FigureWidth::one_column),
               Contains("fill-opacity") && Contains("from the least to the most"));
    CHECK_THAT(svg_figure(curves(), FigureWidth::one_column), !Contains("fill-opacity"));
}
