#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

namespace {

const std::string banner =
    "turbostat version 20.09.30 - Len Brown <lenb@kernel.org>\n"
    "CPUID(0): GenuineIntel 0x16 CPUID levels; 0x80000008 xlevels; family:model:stepping 0x6:55:7 (6:85:7)\n";

}  // namespace

TEST_CASE("turbostat by core: the row of dashes is the machine, and each row lasts since the one before")
{
    const std::string heading = "Time_Of_Day_Seconds\tCore\tCPU\tBusy%\tPkgWatt\tRAMWatt\n";
    const auto log =
        parsed(banner + heading +
               "1714564801.000000\t-\t-\t0.57\t25.50\t6.75\n1714564800.999\t0\t0\t0.25\t25.51\t6.75\n"
               "1714564800.999\t0\t4\t0.05\n" +
               heading + "1714564803.000000\t-\t-\t0.57\t30.00\t6.75\n1714564802.999\t0\t0\t0.25\t30.01\t6.75\n" +
               heading + "1714564804.000000\t-\t-\t0.57\t10.00\t6.75\n");
    CHECK(log.form == LogForm::turbostat);
    CHECK(log.source == "PkgWatt");
    CHECK(log.draw == Draw::averaged);
    CHECK(log.absolute_time);
    // 25.5 W over 2 s, the usual step; 30 W x 2 s; 10 W x 1 s.
    CHECK(joules(log) == Approx(121));
    CHECK(has_note(log, "PkgWatt doesn't hold the memory's energy"));
}

TEST_CASE("turbostat --Summary without times: 5 s each, or as said")
{
    const std::string text =
        "CoreTmp\tPkgTmp\tPkgWatt\tCorWatt\n39\t39\t2.00\t0.95\n32\t33\t4.00\t0.98\n32\t32\t3.00\t1.13\n";
    const auto log = parsed(text);
    CHECK_FALSE(log.absolute_time);
    CHECK(joules(log) == Approx(45));
    CHECK(has_note(log, "5 s apart"));
    PowerLogOptions options;
    options.interval = LogTime{1};
    CHECK(joules(parsed(text, options)) == Approx(9));
    options.watts_column = "CorWatt";
    CHECK(joules(parsed(text, options)) == Approx(3.06));
}

TEST_CASE("turbostat without dashes: the first row below each heading is the machine")
{
    const std::string heading = "PkgWatt\tRAMWatt\n";
    PowerLogOptions options;
    options.interval = LogTime{1};
    CHECK(joules(parsed(heading + "100\t20\n60\t10\n40\t10\n" + heading + "110\t20\n60\t10\n50\t10\n", options)) ==
          Approx(210));
    // Two runs of --Summary in one file: every row is one.
    CHECK(joules(parsed(heading + "100\t20\n60\t10\n40\t10\n" + heading + "110\t20\n60\t10\n" + heading + "1\t1\n",
                        options)) == Approx(371));
}

TEST_CASE("turbostat --Joules over a command: one interval of the seconds that it names")
{
    const auto log = parsed(banner +
                            "78.062895 sec\nPackage\tCore\tCPU\tBusy%\tPkg_J\tRAM_J\n-\t-\t-\t2.95\t4747.52\t2509.05\n"
                            "0\t0\t0\t1.15\t2266.04\t1346.09\n0\t0\t32\t0.09\n");
    CHECK(joules(log) == Approx(4747.52));
    CHECK(whole(log).covered.count() == Approx(78.062895));
    CHECK(log.notes.size() == 1);  // on the memory
}

TEST_CASE("A pause of turbostat isn't covered by the row behind it")
{
    std::string text = "Time_Of_Day_Seconds\tPkgWatt\n";
    for (const std::string time : {"1714564801", "1714564802", "1714564803", "1714564903", "1714564904"})
        text += time + ".0\t10\n";
    const auto all = whole(parsed(text));
    CHECK(all.energy->count() == Approx(50));
    CHECK(all.uncovered.count() == Approx(99));
}

TEST_CASE("turbostat with decimal commas or short rows is refused")
{
    CHECK_THROWS_WITH(
        parsed("PkgWatt\tRAMWatt\n25,50\t6,75\n"),
        "log:2: PkgWatt: \"25,50\" has a decimal comma; a log needs points, as a program writes them under "
        "LC_ALL=C");
    CHECK_THROWS_WITH(parsed("Core\tCPU\tPkgWatt\tRAMWatt\n-\t-\t6.75\n-\t-\t6.75\t1\n"),
                      "log:2: has 3 fields, but there are 4 columns");
}
