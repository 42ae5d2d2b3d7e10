#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

TEST_CASE("perf stat -I for people: joules since the line before, of the package")
{
    const auto log = parsed(
        "#           time             counts   unit events\n"
        "     1.000214717               3.07 Joules power/energy-pkg/         [100.00%]\n"
        "     1.000214717               0.53 Joules power/energy-cores/\n"
        "     1.000214717           12965028        cycles                    [100.00%]\n"
        "     2.000749289           1,003.01 Joules power/energy-pkg/\n"
        "     2.000749289               0.52 Joules power/energy-cores/\n"
        "epoch 1 done\n"
        "\n Performance counter stats for 'system wide':\n\n"
        "            1006.08 Joules power/energy-pkg/\n\n       2.002860349 seconds time elapsed\n");
    CHECK(log.form == LogForm::perf_stat);
    CHECK(log.source == "power/energy-pkg/");
    CHECK(log.draw == Draw::averaged);
    CHECK_FALSE(log.absolute_time);
    CHECK(joules(log) == Approx(1006.08));
    CHECK(whole(log).covered.count() == Approx(2.000749289));
}

TEST_CASE("perf stat -x, and -x;")
{
    CHECK(joules(parsed("     1.001048308,19.63,Joules,power/energy-pkg/,2002406532,100.00,,\n"
                        "     2.002369058,19.41,Joules,power/energy-pkg/,2002617705,100.00,,\n")) == Approx(39.04));
    CHECK(joules(parsed("1.001048308;19.63;Joules;power/energy-pkg/;2002406532;100.00;;\n"
                        "2.002369058;19.41;Joules;power/energy-pkg/;2002617705;100.00;;\n")) == Approx(39.04));
}

TEST_CASE("Another event is chosen by its name")
{
    const std::string text =
        "1.0,2.00,Joules,power/energy-ram/,1,100.00,,\n1.0,1.00,Joules,power/energy-psys/,1,100.00,,\n";
    CHECK_THROWS_WITH(parsed(text),
                      "the log of perf stat has no events \"energy-pkg\"; choose one of "
                      "power/energy-psys/, power/energy-ram/");
    PowerLogOptions options;
    options.joules_column = "energy-ram";
    CHECK(joules(parsed(text, options)) == Approx(2));
    options.joules_column = "energy-";
    CHECK_THROWS_AS(parsed(text, options), SpecError);
}

TEST_CASE("Sockets that are logged by themselves are devices")
{
    const std::string text =
        "#           time socket cpus             counts unit events\n"
        "     1.000000000 S0        1              10.00 Joules power/energy-pkg/\n"
        "     1.000000000 S1        1              20.00 Joules power/energy-pkg/\n";
    CHECK_THROWS_WITH(parsed(text), "the log has several devices; choose one: S0, S1");
    PowerLogOptions options;
    options.device = "S1";
    CHECK(joules(parsed(text, options)) == Approx(20));
    CHECK(joules(parsed("1.0,S1,1,20.00,Joules,power/energy-pkg/,1,100.00,,\n", options)) == Approx(20));
    options.device = "CPU0";
    CHECK(joules(parsed("1.0,CPU0,20.00,Joules,power/energy-pkg/,1,100.00,,\n", options)) == Approx(20));
}

TEST_CASE("What perf didn't count is a gap and no zero")
{
    const auto log = parsed(
        "     1.0      <not counted> Joules power/energy-pkg/\n     2.0              3.00 Joules power/energy-pkg/\n"
        "     3.0,\n");
    const auto all = energy_between(log, LogTime{0}, LogTime{2});
    CHECK(all.energy->count() == Approx(3));
    CHECK(all.uncovered.count() == Approx(1));
    CHECK(has_note(log, "1 rows have no value"));
    CHECK_THROWS_WITH(parsed("1.0,<not supported>,Joules,power/energy-pkg/,0,100.00,,\n"),
                      Catch::Contains("holds no value of power/energy-pkg/"));
}

TEST_CASE("perf stat that is started anew begins a segment")
{
    const auto log = parsed(
        "1.0,5.00,Joules,power/energy-pkg/,1,,\n2.0,5.00,Joules,power/energy-pkg/,1,,\n"
        "1.0,7.00,Joules,power/energy-pkg/,1,,\n");
    CHECK(log.segments.size() == 2);
    CHECK(has_note(log, "line 3: the time goes back"));
    CHECK(energy_between(log, LogTime{1}, LogTime{2}).energy->count() == Approx(5));
    CHECK_THROWS_AS(energy_between(log, LogTime{0}, LogTime{2}), DataError);
}

TEST_CASE("Decimal commas of a locale are refused with the way out")
{
    for (const std::string text : {"     1,001048308      19,63 Joules power/energy-pkg/\n",
                                   "     1.001048308      19,63 Joules power/energy-pkg/\n",
                                   "     1.001048308   1.219,63 Joules power/energy-pkg/\n",
                                   "1,001048308,19,63,Joules,power/energy-pkg/,2002406532,100,00,,\n",
                                   "1,001048308;19,63;Joules;power/energy-pkg/;2002406532;100,00;;\n"}) {
        CAPTURE(text);
        CHECK_THROWS_AS(parsed(text), DataError);
        CHECK_THROWS_WITH(parsed(text), Catch::StartsWith("log:1: ") && Catch::Contains("LC_ALL=C"));
    }
}

TEST_CASE("perf's totals alone are refused")
{
    CHECK_THROWS_WITH(
        parsed(" Performance counter stats for 'system wide':\n\n"
               "             12.74 Joules power/energy-pkg/\n\n       5.001965465 seconds time elapsed\n"),
        Catch::Contains("log with -I 1000"));
}
