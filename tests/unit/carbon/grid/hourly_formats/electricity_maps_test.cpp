#include <catch2/catch.hpp>

#include "common/text/utc_time.hpp"
#include "tests/unit/carbon/grid/hourly_formats/reading.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using carbon::test::error_of;
using carbon::test::grams_of;

namespace {

// Made-up values under the headings that exports have.
const std::string until_2024 =
    "Datetime (UTC),Country,Zone Name,Zone Id,Carbon Intensity gCO₂eq/kWh (direct),Carbon Intensity gCO₂eq/kWh (LCA),"
    "Low Carbon Percentage,Renewable Percentage,Data Source,Data Estimated,Data Estimation Method\n"
    "2022-01-01 00:00:00,France,France,FR,20.5,45.25,95,30,entsoe.eu,false,\n"
    "2022-01-01 01:00:00,France,France,FR,21.5,46.25,95,30,entsoe.eu,false,\n";
const std::string since_2025 =
    "Datetime (UTC),Country,Zone name,Zone id,Carbon intensity gCO₂eq/kWh (direct),Carbon intensity gCO₂eq/kWh (Life "
    "cycle),Carbon-free energy percentage (CFE%),Renewable energy percentage (RE%),Data source,Data estimated,Data "
    "estimation method\n"
    "2024-02-28 23:00:00,Sweden,\"Sweden, South\",SE-SE4,2.5,30.5,99,60,svk.se,true,ESTIMATED\n"
    "2024-02-29 00:00:00,Sweden,\"Sweden, South\",SE-SE4,2.75,31.5,99,60,svk.se,true,ESTIMATED\n";

}  // namespace

TEST_CASE("An export of Electricity Maps is lifecycle, or direct on request, under its headings of either time")
{
    for (const auto& [text, lifecycle, direct, begin] :
         {std::tuple{until_2024, std::vector{45.25, 46.25}, std::vector{20.5, 21.5}, "2022-01-01T00:00:00Z"},
          std::tuple{since_2025, std::vector{30.5, 31.5}, std::vector{2.5, 2.75}, "2024-02-28T23:00:00Z"}}) {
        const auto usual = read_hourly(text, "a.csv");
        CHECK(grams_of(usual) == lifecycle);
        CHECK(usual.basis == "lifecycle");
        CHECK(usual.provider == "Electricity Maps");
        CHECK(text::utc_text(usual.made.hours.begin()) == begin);
        CHECK(usual.made.origins == HourOrigins{});
        const auto chosen = read_hourly(text, "a.csv", {.basis = "direct"});
        CHECK(grams_of(chosen) == direct);
        CHECK(chosen.basis == "direct");
    }
}

TEST_CASE("A heading of Electricity Maps may have lost its subscript and its lifecycle column")
{
    const std::string direct_alone = "Datetime (UTC),Carbon intensity gCO2eq/kWh (direct)\n2024-01-01 00:00:00,7\n";
    CHECK(grams_of(read_hourly(direct_alone, "a.csv", {.basis = "direct"})) == std::vector{7.0});
    CHECK(error_of(direct_alone, "a.csv") ==
          "a.csv:1: no column of lifecycle intensities; take the direct ones by --basis direct (basis)");
    const std::string assessment =
        "Datetime (UTC),Carbon Intensity gCO₂eq/kWh (life cycle assessment)\n2024-01-01 00:00:00,8\n";
    CHECK(grams_of(read_hourly(assessment, "a.csv")) == std::vector{8.0});
}

TEST_CASE("What an export of Electricity Maps has wrong is named by its own columns")
{
    const std::string row = "2024-02-29 01:00:00,Norway,Norway,NO-NO1,1,2,99,60,statnett.no,false,\n";
    CHECK(error_of(since_2025 + row, "a.csv") ==
          "a.csv:4: Zone id: NO-NO1 after SE-SE4; keep the rows of one zone, and make a file of each");
    CHECK(error_of(since_2025 + "2024-02-29 01:00:00,Sweden,,SE-SE4,3,,99,60,svk.se,false,\n", "a.csv") ==
          "a.csv:4: Carbon intensity gCO₂eq/kWh (Life cycle): empty; state it, or leave it out");
    CHECK(error_of(since_2025 + "2024-02-29 03:00:00,Sweden,,SE-SE4,3,33,99,60,svk.se,false,\n", "a.csv") ==
          "a.csv:4: gap of 2 h: after 2024-02-29T00:00:00Z comes 2024-02-29T03:00:00Z; add the row for "
          "2024-02-29T01:00:00Z, or have gaps of up to 2 h filled in by --fill-gaps 2 (fill_gaps_h)");
    CHECK(error_of<SpecError>(since_2025, "a.csv", {.time_zone = std::chrono::minutes{60}}) ==
          "the column \"Datetime (UTC)\" says that its times are UTC; leave --time-zone (time_zone) out");
    CHECK(error_of<SpecError>(since_2025, "a.csv", {.forecast = true}) ==
          "a.csv has no forecasts beside what was measured; leave --forecast (forecast) out");
}

TEST_CASE("An export by the day is no series by the hour")
{
    const auto heading = since_2025.substr(0, since_2025.find('\n') + 1);
    CHECK(error_of(heading + "2024-01-01 00:00:00,,,SE,1,2,,,,,\n2024-01-02 00:00:00,,,SE,1,2,,,,,\n"
                             "2024-01-03 00:00:00,,,SE,1,2,,,,,\n",
                   "a.csv", {.fill_gaps = std::chrono::hours{48}}) ==
          "a.csv:3: the file's values are 24 h apart; take the series by the hour");
}
