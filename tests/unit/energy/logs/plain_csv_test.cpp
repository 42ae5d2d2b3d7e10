#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

namespace {

PowerLogOptions columns(const std::string& time, const std::string& watts, const std::string& joules = "")
{
    PowerLogOptions options;
    options.time_column = time;
    options.watts_column = watts;
    options.joules_column = joules;
    return options;
}

}  // namespace

TEST_CASE("Any CSV with watts: seconds since a start, Unix seconds, or dates with a zone")
{
    const auto relative = parsed("t,phase,p\n0,a,10\n1,a,20\n", columns("t", "p"));
    CHECK_FALSE(relative.absolute_time);
    CHECK(joules(relative) == Approx(15));
    const auto epoch = parsed("p,t\n10,1714564800.0\n20,1714564801.0\n", columns("t", "p"));
    CHECK(epoch.absolute_time);
    CHECK(joules(epoch) == Approx(15));
    const auto zoned = parsed("t,p\n2024-05-01T14:00:00+02:00,10\n2024-05-01T12:00:01Z,20\n", columns("t", "p"));
    CHECK(stretch_of(zoned).begin == LogTime{noon});
    CHECK(joules(zoned) == Approx(15));
    CHECK(zoned.draw == Draw::unknown);
}

TEST_CASE("A CSV's empty field is a gap, and its last row is left out where no line end follows")
{
    const auto log = parsed("t,p\n0,10\n1,10\n2,\n3,10\n4,10\n5,1", columns("t", "p"));
    CHECK(joules(log) == Approx(20));
    CHECK(has_note(log, "1 lines have no value"));
    CHECK(has_note(log, "line 7, the last"));
}

TEST_CASE("A CSV with joules: each row's are since the row before")
{
    const auto log = parsed("t,e\n10,5\n11,6\n12,7\n", columns("t", "", "e"));
    CHECK(joules(log) == Approx(18));
    CHECK(stretch_of(log).begin == LogTime{9});  // the usual step before the first
    CHECK_THROWS_WITH(parsed("t,e\n10,5\n", columns("t", "", "e")), Catch::Contains("log:2: is the only row"));
    CHECK_THROWS_WITH(parsed("t,e\n10,5\n10,6\n11,6\n", columns("t", "", "e")),
                      "log:3: bears the same time as the one before");
}

TEST_CASE("Columns that aren't there, or not both named, are errors of the options")
{
    CHECK_THROWS_WITH(parsed("t,p\n0,1\n", columns("time", "p")), "the log has no column \"time\"; it has t, p");
    CHECK_THROWS_AS(parsed("t,p\n0,1\n", columns("t", "")), SpecError);
    CHECK_THROWS_AS(parsed("t,p\n0,1\n", columns("t", "p", "p")), SpecError);
    auto standing = columns("t", "p");
    standing.interval = LogTime{0};
    CHECK_THROWS_AS(parsed("t,p\n0,1\n", standing), SpecError);
    CHECK_THROWS_WITH(parsed("t;p\n0;1\n", columns("t", "p")), Catch::Contains("log:1: \"t;p\" has no comma"));
    CHECK_THROWS_WITH(parsed("t,p\n1714564801250,1\n", columns("t", "p")), Catch::Contains("no milliseconds"));
}
