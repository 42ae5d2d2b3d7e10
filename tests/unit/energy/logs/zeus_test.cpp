#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

TEST_CASE("Zeus' windows are intervals of a GPU's joules")
{
    const std::string text =
        "start_time,window_name,elapsed_time,gpu0_energy,gpu1_energy\n"
        "1714564800.5,step,2.0,300.25,100.0\n"
        "1714564803.5,step,1.0,200.0,50.0\n";
    CHECK_THROWS_WITH(parsed(text), "the log has several devices; choose one: 0 (gpu0), 1 (gpu1)");
    PowerLogOptions options;
    options.device = "0";
    const auto log = parsed(text, options);
    CHECK(log.form == LogForm::zeus_windows);
    CHECK(log.absolute_time);
    CHECK(log.source == "gpu0_energy");
    CHECK(joules(log) == Approx(500.25));
    CHECK(whole(log).uncovered.count() == Approx(1));  // between the windows
    options.device = "gpu1";
    CHECK(joules(parsed(text, options)) == Approx(150));
}

TEST_CASE("A monotonic clock's windows are since its start")
{
    const auto log = parsed("start_time,window_name,elapsed_time,gpu0_energy\n24,step,8,40\n");
    CHECK_FALSE(log.absolute_time);
    CHECK(log.device == "0");
    CHECK(energy_between(log, LogTime{24}, LogTime{28}).energy->count() == Approx(20));
}

TEST_CASE("Windows within others count once: those of one name are chosen")
{
    const std::string text =
        "start_time,window_name,elapsed_time,gpu0_energy\n"
        "101,step,1,10\n102,step,1,12\n100,epoch,4,50\n104,epoch,4,60\n";
    CHECK_THROWS_WITH(parsed(text), Catch::Contains("tell of the same time; choose those of one label: epoch, step"));
    PowerLogOptions options;
    options.label = "epoch";
    CHECK(joules(parsed(text, options)) == Approx(110));
    options.label = "step";
    CHECK(joules(parsed(text, options)) == Approx(22));
}

TEST_CASE("Windows too short for the GPU's counter are noted, and a cut last line is left out")
{
    const auto log = parsed("start_time,window_name,elapsed_time,gpu0_energy\n10,a,0.05,0.0\n11,a,1,70.0\n12,a,1,7");
    CHECK(joules(log) == Approx(70));
    CHECK(has_note(log, "1 windows have 0 J"));
    CHECK(has_note(log, "line 4, the last"));
}

TEST_CASE("Zeus' older power log has milliwatts, in UTC")
{
    const auto log = parsed("Time,Power\n2024-05-01 12:00:00.708783111,32402\n2024-05-01 12:00:01.708783111,32598\n");
    CHECK(log.form == LogForm::zeus_power);
    CHECK(log.absolute_time);
    CHECK(joules(log) == Approx(32.5));
    CHECK_FALSE(has_note(log, "UTC"));
}

TEST_CASE("Another's Time,Power isn't taken for Zeus' milliwatts")
{
    const std::string text = "Time,Power\n0,12.5\n1,12.5\n";
    CHECK_THROWS_AS(parsed(text), DataError);
    PowerLogOptions options;
    options.time_column = "Time";
    options.watts_column = "Power";
    CHECK(joules(parsed(text, options)) == Approx(12.5));
}
