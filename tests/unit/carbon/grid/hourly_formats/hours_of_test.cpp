#include "common/carbon/grid/hourly_formats/hours_of.hpp"

#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"
#include "common/text/utc_time.hpp"
#include "common/text/written_time.hpp"

using namespace fedgram;
using namespace fedgram::carbon;
using namespace std::chrono_literals;

namespace {

struct Row {
    std::string time;
    std::optional<double> grams;
};

/// As a reader gives it; of a clock `ahead` of UTC, where that was stated apart.
StatedSeries stated(const std::vector<Row>& rows, std::optional<std::chrono::minutes> ahead = {})
{
    StatedSeries series;
    series.time_name = "time";
    series.missing = "g: empty; state it";
    series.place_of = [](std::size_t line) { return "s.csv:" + std::to_string(line); };
    for (const auto& [time, grams] : rows) {
        const auto written = text::written_time("2020-10-25T" + time).value();
        const auto offset = written.ahead.value_or(ahead.value_or(0min));
        StatedValue value{series.values.size() + 2, {written.clock - offset, offset, !ahead}};
        if (grams) value.intensity = GramsPerKilowattHour{*grams};
        series.values.push_back(value);
    }
    return series;
}

std::string error_of(const StatedSeries& series, std::optional<std::chrono::minutes> fill_gaps = {})
{
    try {
        static_cast<void>(hours_of(series, fill_gaps));
    } catch (const DataError& error) {
        return error.what();
    }
    return "no error";
}

/// "01:00Z 100 200.5": the first hour, and the values.
std::string shown(const MadeHours& made)
{
    auto text = text::utc_text(made.hours.begin()).substr(11, 5) + "Z";
    for (const auto value : made.hours.values()) text += " " + text::shortest(std::round(value.count() * 1e6) / 1e6);
    return text;
}

const std::string as_utc = "; export the times in UTC, or with the offset that each has";

}  // namespace

TEST_CASE("Quarters and halves of an hour, and five minutes, are averaged to hours")
{
    // (100 + 200 + 300 + 600) / 4 = 300.
    CHECK(shown(hours_of(stated({{"01:00", 100}, {"01:15", 200}, {"01:30", 300}, {"01:45", 600}}), {})) ==
          "01:00Z 300");
    CHECK(shown(hours_of(stated({{"01:00", 100}, {"01:30", 200}, {"02:00", 50}, {"02:30", 70}}), {})) ==
          "01:00Z 150 60");
    std::vector<Row> five_minutes;
    for (int i = 0; i < 12; ++i)
        five_minutes.push_back({"01:" + std::string{i < 2 ? "0" : ""} + std::to_string(5 * i), i});
    CHECK(hours_of(stated(five_minutes), {}).hours.values().front().count() == Approx(5.5));
}

TEST_CASE("An hour of a clock that is half an hour off UTC's is shared by the two hours in which it lies")
{
    // 09:00 to 12:00 in India is 03:30 to 06:30 in UTC: (100 + 200) / 2 and (200 + 400) / 2, and half an hour at each
    // end.
    const auto made = hours_of(stated({{"09:00+05:30", 100}, {"10:00+05:30", 200}, {"11:00+05:30", 400}}), {});
    CHECK(shown(made) == "04:00Z 150 300");
    CHECK(made.origins.left_out == 60min);
}

TEST_CASE("Offsets that change with daylight saving are one series in UTC")
{
    CHECK(hours_of(stated({{"01:00+02:00", 1}, {"02:00+02:00", 2}, {"02:00+01:00", 3}, {"03:00+01:00", 4}}), {})
              .hours.values()
              .size() == 4);
}

TEST_CASE("A gap is filled on request, on the straight line between its neighbours, up to a length")
{
    const auto gap = stated({{"01:00", 100}, {"04:00", 400}, {"05:00", 500}});
    // By hand: 100, 200, 300, 400.
    const auto made = hours_of(gap, 120min);
    CHECK(shown(made) == "01:00Z 100 200 300 400 500");
    const auto two = made.hours.begin() + 1h;
    CHECK(made.origins.filled == std::vector{two, two + 1h});
    const std::string error =
        "s.csv:3: gap of 2 h: after 2020-10-25T01:00:00Z comes 2020-10-25T04:00:00Z; add the row for "
        "2020-10-25T02:00:00Z, or have gaps of up to 2 h filled in by --fill-gaps 2 (fill_gaps_h)";
    CHECK(error_of(gap) == error);
    CHECK(error_of(gap, 119min) == error);
}

TEST_CASE("A value that isn't there is a gap; at an end nothing lies beyond it to fill it by")
{
    const auto empty = stated({{"01:00", 100}, {"02:00", {}}, {"04:00", 160}});
    // By hand: three hours from 100 to 160, 20 each.
    CHECK(shown(hours_of(empty, 120min)) == "01:00Z 100 120 140 160");
    CHECK(error_of(empty, 60min) ==
          "s.csv:3: g: empty; state it, or have gaps of up to 2 h filled in by --fill-gaps 2 (fill_gaps_h)");
    CHECK(error_of(stated({{"01:00", {}}, {"02:00", 1}}), 60min) == "s.csv:2: g: empty; state it, or leave it out");
    CHECK(error_of(stated({{"01:00", 1}, {"02:00", {}}}), 60min) == "s.csv:3: g: empty; state it, or leave it out");
}

TEST_CASE("An hour of which a part was filled in counts as filled in")
{
    // By hand: 200 lies between 100 and 300; (100 + 200) / 2 = 150, (300 + 500) / 2 = 400.
    const auto made = hours_of(stated({{"01:00", 100}, {"02:00", 300}, {"02:30", 500}}), 60min);
    CHECK(shown(made) == "01:00Z 150 400");
    CHECK(made.origins.filled == std::vector{made.hours.begin()});
}

TEST_CASE("A gap of more than a week offers no filling")
{
    auto weeks = stated({{"01:00", 1}, {"02:00", 2}});
    weeks.values.back().time.utc += 8 * 24h;
    CHECK(error_of(weeks) ==
          "s.csv:3: gap of 192 h: after 2020-10-25T01:00:00Z comes 2020-11-02T02:00:00Z; add the row "
          "for 2020-10-25T02:00:00Z");
}

TEST_CASE("Local times that repeat an hour, or skip one, are told as daylight saving and never filled")
{
    CHECK(error_of(stated({{"01:00", 1}, {"02:00", 2}, {"02:00", 3}}, 60min)) ==
          "s.csv:4: after 2020-10-25T02:00:00+01:00 comes 2020-10-25T02:00:00+01:00, an hour that was there already: "
          "probably daylight saving ends here" +
              as_utc);
    CHECK_THAT(error_of(stated({{"02:00", 1}, {"02:30", 2}, {"02:00", 3}}, -210min)),
               Catch::StartsWith("s.csv:4: after 2020-10-25T02:30:00-03:30 comes 2020-10-25T02:00:00-03:30, an hour"));
    const std::string skipped =
        "s.csv:3: after 2020-10-25T01:00:00+01:00 comes 2020-10-25T03:00:00+01:00, an hour later than it should: "
        "probably daylight saving begins here" +
        as_utc;
    CHECK(error_of(stated({{"01:00", 1}, {"03:00", 2}, {"04:00", 3}}, 60min)) == skipped);
    CHECK(error_of(stated({{"01:00", 1}, {"03:00", 2}, {"04:00", 3}}, 60min), 60min) == skipped);
    // In UTC, an hour is missing or twice for another reason.
    CHECK(shown(hours_of(stated({{"01:00", 1}, {"03:00", 3}, {"04:00", 4}}), 60min)) == "01:00Z 1 2 3 4");
    CHECK_THAT(error_of(stated({{"01:00", 1}, {"01:00", 2}})), Catch::Contains("is there twice"));
}

TEST_CASE("Steps that don't make an hour, and a time that is on no step, are refused")
{
    CHECK(error_of(stated({{"01:00", 1}, {"01:07", 2}})) ==
          "s.csv:2: the file goes in steps of 7 min, which don't make an hour; give a value every hour, half hour, "
          "quarter of an hour or other whole number of minutes that divides 60");
    CHECK_THAT(error_of(stated({{"01:00:00", 1}, {"01:00:30", 2}})), Catch::Contains("in steps of 30 s,"));
    CHECK(error_of(stated({{"01:10", 1}, {"01:40", 2}})) ==
          "s.csv:2: time: 2020-10-25T01:10:00Z is on no step of 30 min; give one row for each");
    CHECK(error_of(stated({{"01:30", 1}, {"02:30", 2}})) ==
          "s.csv:2: time: 2020-10-25T01:30:00Z is not on the hour; give one row for each whole hour");
    // Lord Howe's clock goes half an hour back.
    CHECK(
        error_of(stated({{"01:00+11:00", 1}, {"02:00+11:00", 2}, {"03:00+10:30", 3}})) ==
        "s.csv:4: 2020-10-25T03:00:00+10:30 comes 90 min after 2020-10-25T02:00:00+11:00, which are no whole steps of "
        "1 h" +
            as_utc);
}
