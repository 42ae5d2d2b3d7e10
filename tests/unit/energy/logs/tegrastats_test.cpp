#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

namespace {

std::string nano(const std::string& rails)
{
    return "RAM 613/3964MB (lfb 634x4MB) SWAP 0/1982MB (cached 0MB) IRAM 0/252kB(lfb 252kB) CPU "
           "[2%@102,1%@102,0%@102,0%@102] EMC_FREQ 0%@1600 GR3D_FREQ 0%@76 APE 25 PLL@39C CPU@40.5C PMIC@100C GPU@41C "
           "AO@46C thermal@41C " +
           rails + "\n";
}

std::string orin_nano(const std::string& time, const std::string& rails)
{
    return time +
           "RAM 2147/7620MB (lfb 2x4MB) SWAP 1476/3810MB (cached 1MB) CPU [0%@729,0%@729,off,off,0%@729,0%@729] "
           "GR3D_FREQ 0% cpu@47.687C soc2@46.718C soc0@47.468C gpu@48.625C tj@48.625C soc1@48.25C " +
           rails + "\n";
}

}  // namespace

TEST_CASE("A Nano's tegrastats: milliwatts of the input rail, the present ones, a second apart")
{
    const auto log = parsed(nano("POM_5V_IN 2000/943 POM_5V_GPU 500/0 POM_5V_CPU 123/123") +
                            nano("POM_5V_GPU 900/0 POM_5V_IN 4000/1500 POM_5V_CPU 123/123"));
    CHECK(log.form == LogForm::tegrastats);
    CHECK(log.source == "POM_5V_IN");
    CHECK(log.draw == Draw::momentary);
    CHECK_FALSE(log.absolute_time);
    CHECK(joules(log) == Approx(3));
    CHECK(has_note(log, "1 s apart"));
    PowerLogOptions options;
    options.interval = LogTime{0.1};
    CHECK(joules(parsed(nano("POM_5V_IN 2000/943") + nano("POM_5V_IN 4000/1500"), options)) == Approx(0.3));
}

TEST_CASE("A TX2's VDD_IN holds its other rails, whatever they are called")
{
    const auto line =
        nano("VDD_IN 7500/2658 VDD_CPU 320/518 VDD_GPU 400/735 VDD_SOC 400/415 VDD_WIFI 0/0 VDD_DDR 240/348");
    const auto log = parsed(line + line + line);
    CHECK(log.source == "VDD_IN");
    CHECK(joules(log) == Approx(15));
}

TEST_CASE("Newer tegrastats: a date before, and mW behind the numbers")
{
    const auto log = parsed(
        orin_nano("05-01-2024 12:00:00 ", "VDD_IN 4556mW/4556mW VDD_CPU_GPU_CV 483mW/483mW VDD_SOC 1451mW/1451mW") +
        orin_nano("05-01-2024 12:00:02 ", "VDD_IN 5444mW/5000mW VDD_CPU_GPU_CV 483mW/483mW VDD_SOC 1451mW/1451mW"));
    CHECK(log.absolute_time);
    CHECK(stretch_of(log).begin == LogTime{noon});
    CHECK(joules(log) == Approx(10));  // (4.556 W + 5.444 W) / 2 x 2 s
    CHECK(has_note(log, "were read as UTC"));
    CHECK_FALSE(has_note(log, "1 s apart"));
}

TEST_CASE("Lines within one second count by their mean")
{
    const auto log = parsed(orin_nano("05-01-2024 12:00:00 ", "VDD_IN 4000mW/4000mW") +
                            orin_nano("05-01-2024 12:00:00 ", "VDD_IN 6000mW/5000mW") +
                            orin_nano("05-01-2024 12:00:01 ", "VDD_IN 7000mW/5000mW"));
    CHECK(joules(log) == Approx(6));
}

TEST_CASE("Boards without an input rail: the sum of the rails, with a note")
{
    const std::string agx_orin = "VDD_GPU_SOC 3188mW/3188mW VDD_CPU_CV 1195mW/1195mW VIN_SYS_5V0 3229mW/3229mW";
    const auto orin = parsed(orin_nano("05-01-2024 12:00:00 ", agx_orin) + orin_nano("05-01-2024 12:00:01 ", agx_orin));
    CHECK(orin.source == "VDD_GPU_SOC + VDD_CPU_CV + VIN_SYS_5V0");
    CHECK(joules(orin) == Approx(7.612));
    CHECK(has_note(orin, "no input rail"));

    const std::string agx_xavier = "GPU 0/0 CPU 216/216 SOC 864/864 CV 0/0 VDDRQ 144/144 SYS5V 1889/1889";
    CHECK(joules(parsed(nano(agx_xavier) + nano(agx_xavier))) == Approx(3.113));
}

TEST_CASE("An input rail that can't be read doesn't give way to the sum of the others")
{
    CHECK_THROWS_WITH(parsed(nano("POM_5V_IN -1/943 POM_5V_GPU 100/90") + nano("POM_5V_IN 2000/943 POM_5V_GPU 100/90")),
                      "log:1: POM_5V_IN has no power that can be read, such as 5042mW/5042mW");
}

TEST_CASE("A rail of a sum that is missing is an error, and at the end of a cut line left out")
{
    const std::string all = nano("GPU 0/0 CPU 216/216 SYS5V 1000/1889");
    CHECK_THROWS_WITH(parsed(all + nano("GPU 0/0 CPU 216/216") + all),
                      "log:2: lacks the rail SYS5V, which the lines before have");
    auto cut = nano("GPU 0/0 CPU 216/216 SYS5V 1");
    cut.pop_back();
    const auto log = parsed(all + all + cut);
    CHECK(joules(log) == Approx(1.216));
    CHECK(has_note(log, "line 3, the last, is cut off"));
}

TEST_CASE("What the shell shows before tegrastats is passed over, but nothing between its lines")
{
    const auto line = nano("POM_5V_IN 2000/943");
    CHECK(joules(parsed("[sudo] password for user:\n" + line + line)) == Approx(2));
    CHECK_THROWS_WITH(parsed(line + "Killed\n" + line), Catch::Contains("log:2: \"Killed\" is no line of tegrastats"));
    CHECK_THROWS_WITH(parsed(nano("") + line), Catch::Contains("log:1: has no rail's power"));
}
