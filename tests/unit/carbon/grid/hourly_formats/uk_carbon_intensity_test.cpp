#include <catch2/catch.hpp>

#include "common/text/utc_time.hpp"
#include "tests/unit/carbon/grid/hourly_formats/reading.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using carbon::test::error_of;
using carbon::test::grams_of;
using namespace std::chrono_literals;

namespace {

std::string half_hour(const std::string& from, const std::string& to, const std::string& intensity)
{
    return R"({"from":"2018-01-20T)" + from + R"(Z","to":"2018-01-20T)" + to + R"(Z","intensity":{)" + intensity +
           R"(,"index":"moderate"}})";
}

std::string answer(const std::string& list) { return R"({"data":[)" + list + "]}"; }

const std::string noon = half_hour("12:00", "12:30", R"("forecast":266,"actual":263)");
const std::string half_past_noon = half_hour("12:30", "13:00", R"("forecast":262,"actual":253)");
const std::string one = half_hour("13:00", "13:30", R"("forecast":260,"actual":null)");
const std::string half_past_one = half_hour("13:30", "14:00", R"("forecast":250,"actual":null)");

}  // namespace

TEST_CASE("Half hours of the UK Carbon Intensity API are averaged to hours, and are direct")
{
    // The first is the API's own example. By hand: (263 + 253) / 2 = 258.
    const auto reading = read_hourly(answer(noon + "," + half_past_noon), "gb.json");
    CHECK(grams_of(reading) == std::vector{258.0});
    CHECK(text::utc_text(reading.made.hours.begin()) == "2018-01-20T12:00:00Z");
    CHECK(reading.basis == "direct");
    CHECK(reading.provider == "the UK Carbon Intensity API");
    CHECK(read_hourly("\xEF\xBB\xBF\n" + answer(noon + "," + half_past_noon), "gb.json", {.basis = "direct"}).basis ==
          "direct");
    CHECK(error_of<SpecError>(answer(noon), "gb.json", {.basis = "lifecycle"}) ==
          "gb.json has what power stations emit, without the making of plants and fuels: it is direct; say --basis "
          "direct (basis), or leave it out");
}

TEST_CASE("Where nothing was measured, the forecast is taken on request alone, and the hour is said")
{
    const auto text = answer(noon + "," + half_past_noon + "," + one + "," + half_past_one);
    CHECK(error_of(text, "gb.json") ==
          "gb.json: data[2]: intensity: no actual one; take the forecast there by --forecast (forecast), or leave it "
          "out");
    // By hand: (260 + 250) / 2 = 255.
    const auto reading = read_hourly(text, "gb.json", {.forecast = true});
    CHECK(grams_of(reading) == std::vector{258.0, 255.0});
    CHECK(reading.made.origins == HourOrigins{{}, {text::parse_utc("2018-01-20T13:00Z").value()}, 0min});
    const auto neither = half_hour("12:30", "13:00", R"("forecast":null,"actual":null)");
    CHECK(error_of(answer(noon + "," + neither), "gb.json", {.forecast = true}) ==
          "gb.json: data[1]: intensity: neither an actual one nor a forecast; state one, or leave it out");
}

TEST_CASE("An intensity that is null may be filled between its neighbours")
{
    const auto text =
        answer(noon + "," + half_hour("12:30", "13:00", R"("actual":null)") + "," +
               half_hour("13:00", "13:30", R"("actual":283)") + "," + half_hour("13:30", "14:00", R"("actual":285)"));
    CHECK(error_of(text, "gb.json") ==
          "gb.json: data[1]: intensity: no actual one; take the forecast there by --forecast (forecast), or have gaps "
          "of up to 1 h filled in by --fill-gaps 1 (fill_gaps_h)");
    // By hand: 273 lies between 263 and 283; (263 + 273) / 2 = 268, (283 + 285) / 2 = 284.
    const auto reading = read_hourly(text, "gb.json", {.fill_gaps = 30min});
    CHECK(grams_of(reading) == std::vector{268.0, 284.0});
    CHECK(reading.made.origins.filled == std::vector{text::parse_utc("2018-01-20T12:00Z").value()});
}

TEST_CASE("Half an hour at either end makes no hour and is left out")
{
    const auto reading = read_hourly(answer(half_hour("11:30", "12:00", R"("actual":1)") + "," + noon + "," +
                                            half_past_noon + "," + half_hour("13:00", "13:30", R"("actual":1)")),
                                     "gb.json");
    CHECK(grams_of(reading) == std::vector{258.0});
    CHECK(reading.made.origins == HourOrigins{{}, {}, 60min});
    CHECK(error_of(answer(noon), "gb.json") ==
          "gb.json: data[0]: from here on there are 30 min, which make no whole hour; add the values that are missing "
          "to it");
}

TEST_CASE("An answer for one region is forecasts alone")
{
    const auto region = R"("regionid":3,"data":[)" + half_hour("12:00", "12:30", R"("forecast":266)") + "," +
                        half_hour("12:30", "13:00", R"("forecast":262)") + "]}";
    // By hand: (266 + 262) / 2 = 264.
    for (const auto& [text, place] : {std::pair{R"({"data":{)" + region + "}", "data.data[0]"},
                                      std::pair{R"({"data":[{)" + region + "]}", "data[0].data[0]"}}) {
        CHECK(grams_of(read_hourly(text, "nw.json", {.forecast = true})) == std::vector{264.0});
        CHECK(error_of(text, "nw.json") ==
              "nw.json: " + std::string{place} +
                  ": intensity: no actual one; take the forecast there by --forecast (forecast), or leave it out");
    }
}

TEST_CASE("What an answer of the UK Carbon Intensity API has wrong is named by its place")
{
    const std::string no_answer =
        "gb.json: no answer of the UK Carbon Intensity API, whose \"data\" lists half hours with \"from\", \"to\" and "
        "\"intensity\"; of other JSON make a CSV with the columns utc_start and gco2e_per_kwh";
    for (const std::string text : {"{}", "[]", R"({"data":[]})", R"({"data":3})", R"({"data":[{"from":"x"}]})",
                                   R"({"zone":"DE","history":[{"carbonIntensity":300}]})",
                                   R"({"data":[{"from":"2018-01-20T12:00Z","to":"2018-01-20T12:30Z","regions":[]}]})"})
        CHECK(error_of(text, "gb.json") == no_answer);
    CHECK_THAT(error_of(R"({"data":[)", "gb.json"), Catch::StartsWith("gb.json:1:"));
    CHECK(error_of(answer(noon + "," + half_hour("13:00", "13:30", R"("actual":1)")), "gb.json") ==
          "gb.json: data[1]: gap of 30 min: after 2018-01-20T12:00:00Z comes 2018-01-20T13:00:00Z; add the row for "
          "2018-01-20T12:30:00Z, or have gaps of up to 1 h filled in by --fill-gaps 1 (fill_gaps_h)");
    CHECK(error_of(answer(noon + "," + noon), "gb.json") ==
          "gb.json: data[1]: 2018-01-20T12:00:00Z is there twice, here and right before; keep one of the two");
    CHECK(error_of(answer(half_hour("12:00", "12:30", R"("actual":"263")")), "gb.json") ==
          "gb.json: data[0].intensity.actual: \"263\" is not valid; use a number from 0 to 1000000");
    CHECK(error_of(answer(noon + R"(,{"from":"2018-01-20T12:30Z"})"), "gb.json") ==
          "gb.json: data[1].to: missing; add it");
    CHECK(error_of(answer(noon + "," + half_hour("12:30", "12:45", R"("actual":1)")), "gb.json") ==
          "gb.json: data[1]: takes longer or shorter than the first; all take as long");
}
