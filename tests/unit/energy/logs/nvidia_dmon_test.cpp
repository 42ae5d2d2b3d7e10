#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

TEST_CASE("dmon with date and time, whose headings come again")
{
    const std::string heading =
        "#Date       Time        gpu    pwr  gtemp  mtemp     sm    mem\n"
        "#YYYYMMDD   HH:MM:SS    Idx      W      C      C      %      %\n";
    const auto log = parsed(heading + " 20240501   12:00:00      0     73     30     40      0      0\n" + heading +
                            " 20240501   12:00:02      0     83     30     40      0      0\n");
    CHECK(log.form == LogForm::nvidia_dmon);
    CHECK(log.device == "0");
    CHECK(stretch_of(log).begin == LogTime{noon});
    CHECK(joules(log) == Approx(156));  // 78 W x 2 s
}

TEST_CASE("dmon with the time alone goes on past midnight")
{
    const std::string heading = "#Time        gpu   pwr gtemp mtemp    sm\n#HH:MM:SS    Idx     W     C     C     %\n";
    PowerLogOptions options;
    options.device = "1";
    const auto log = parsed(heading +
                                " 23:59:59      0    50     1     -     0\n 23:59:59      1    60     1     -     0\n"
                                " 00:00:01      0    50     1     -     0\n 00:00:01      1    60     1     -     0\n",
                            options);
    CHECK_FALSE(log.absolute_time);
    CHECK(log.segments.size() == 1);
    CHECK(joules(log) == Approx(120));
}

TEST_CASE("dmon without times: a second each; a dash is a gap")
{
    const std::string heading = "# gpu   pwr  temp    sm\n# Idx     W     C     %\n";
    const auto log = parsed(heading +
                            "    0    50    44     0\n    0    50    44     0\n    0     -    44     0\n"
                            "    0    50    44     0\n");
    CHECK(joules(log) == Approx(50));
    CHECK(has_note(log, "1 s apart"));
    CHECK_THROWS_WITH(parsed("# gpu    sm   mem\n# Idx     %     %\n    0     0     0\n"),
                      "log:1: has no pwr; dmon shows it by -s p");
    CHECK_THROWS_WITH(parsed(heading + "    0    50    44\n    0    50    44     0\n"),
                      "log:3: has 3 fields, but there are 4 columns");
}
