#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

namespace {

const std::string heading = "timestamp, power.draw [W]\n";
const std::string two_seconds =
    "2024/05/01 12:00:00.000, 10.00 W\n2024/05/01 12:00:01.000, 10.00 W\n2024/05/01 12:00:02.000, 10.00 W\n";

}  // namespace

TEST_CASE("A last line that is cut off is left out, with a note")
{
    for (const std::string cut : {"2024/05/01 12:0", "2024/05/01 12:00:03.000", "2024/05/01 12:00:03.000, ",
                                  "2024/05/01 12:00:03.000, 1", "2024/05/01 12:00:03.000, 10.0"}) {
        CAPTURE(cut);
        const auto log = parsed(heading + two_seconds + cut);
        CHECK(joules(log) == Approx(20));
        CHECK(has_note(log, "line 5, the last, is cut off"));
    }
    // Behind the unit nothing can be missing.
    CHECK(joules(parsed(heading + two_seconds + "2024/05/01 12:00:03.000, 10.00 W")) == Approx(30));
}

TEST_CASE("A wrong field in the middle is an error with line, what stands there and what would be right")
{
    const auto text = [](const std::string& middle) { return heading + two_seconds + middle + "\n" + two_seconds; };
    CHECK_THROWS_AS(parsed(text("2024/05/01 12:00:03.000, abc W")), DataError);
    CHECK_THROWS_WITH(parsed(text("2024/05/01 12:00:03.000, abc W")), "log:5: power.draw: \"abc\" is no number");
    CHECK_THROWS_WITH(parsed(text("2024/05/01 12:00, 10 W")),
                      Catch::Contains("log:5: timestamp: \"2024/05/01 12:00\" is no time; seconds or a date such as"));
    CHECK_THROWS_WITH(parsed(text("2024/05/01 12:00:03.000, 10,00 W")), "log:5: has 3 fields, but there are 2 columns");
    CHECK_THROWS_WITH(parsed(text("Unable to determine the device handle for GPU 0000:51:00.0: Unknown Error")),
                      "log:5: has 1 fields, but there are 2 columns");
    CHECK_THROWS_WITH(parsed(text("1714564803.000, 10 W")), Catch::Contains("another kind of time"));
}

TEST_CASE("A power that can't be is refused with its line")
{
    for (const std::string watts : {"-1", "100001", "1.8e19", "nan", "inf"}) {
        CAPTURE(watts);
        CHECK_THROWS_AS(parsed(heading + "2024/05/01 12:00:00.000, " + watts + " W\n"), DataError);
        CHECK_THROWS_WITH(parsed(heading + "2024/05/01 12:00:00.000, " + watts + " W\n"), Catch::StartsWith("log:2: "));
    }
    CHECK_THROWS_WITH(parsed(heading + "2024/05/01 12:00:00.000, -1 W\n"),
                      "log:2: power.draw: -1 W can't be; it takes 0 to 100000 W");
}

TEST_CASE("Where the time goes back a segment begins, and nothing is integrated across")
{
    // The end of summer time: 2 o'clock comes twice.
    const auto log = parsed(heading +
                            "2024/10/27 02:59:58.000, 10 W\n2024/10/27 02:59:59.000, 10 W\n"
                            "2024/10/27 02:00:00.000, 50 W\n2024/10/27 02:00:01.000, 50 W\n");
    REQUIRE(log.segments.size() == 2);
    CHECK(log.segments[1].line == 4);
    CHECK(has_note(log, "line 4: the time goes back by 3600 s"));
    CHECK(joules(log) == Approx(60));  // 10 J and 50 J
}

TEST_CASE("A log whose time goes back often says so once, and how often")
{
    const auto log = parsed(heading + two_seconds + two_seconds + two_seconds);
    CHECK(log.segments.size() == 3);
    CHECK(has_note(log, "line 5: the time goes back by 2.00 s"));
    CHECK_FALSE(has_note(log, "line 8"));
    CHECK(has_note(log, "goes back 2 times in all"));
    CHECK_THROWS_AS(whole(log), DataError);
}

TEST_CASE("A logger that was started anew into the same file writes its heading again")
{
    const auto log = parsed(heading + two_seconds + heading +
                            "2024/05/01 13:00:00.000, 20.00 W\n2024/05/01 13:00:01.000, 20.00 W\n");
    CHECK(log.segments.size() == 1);
    const auto all = whole(log);
    CHECK(all.energy->count() == Approx(40));
    CHECK(all.uncovered.count() == Approx(3598));
}

TEST_CASE("Samples of one time are one, by their mean")
{
    const auto log = parsed(heading +
                            "2024/05/01 12:00:00.000, 10 W\n2024/05/01 12:00:00.000, 20 W\n"
                            "2024/05/01 12:00:00.000, 60 W\n2024/05/01 12:00:01.000, 50 W\n");
    REQUIRE(log.segments[0].samples.size() == 2);
    CHECK(log.segments[0].samples[0].power->count() == Approx(30));
    CHECK(joules(log) == Approx(40));
    CHECK(has_note(log, "2 samples bear the time of the one before"));
}

TEST_CASE("What is empty, unknown or no text is refused")
{
    for (const std::string text : {"", "\n \r\n", "\xEF\xBB\xBF"}) CHECK_THROWS_WITH(parsed(text), "log: is empty");
    CHECK_THROWS_WITH(parsed(heading), "log: holds no value of power.draw");
    CHECK_THROWS_WITH(parsed("hello\n"), Catch::Contains("is no log of nvidia-smi") && Catch::Contains("\"hello\""));
    CHECK_THROWS_WITH(parsed("\xFF\xFEt"), "log: is UTF-16; save it as UTF-8");
    CHECK_THROWS_WITH(parsed(heading + two_seconds + std::string(8, '\0')), Catch::Contains("log:5: holds zero bytes"));
    CHECK_THROWS_AS(read_power_log("no such file"), SystemError);
}
