#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/energy/logs/parsed.hpp"

using namespace fedgram;
using namespace fedgram::power_logs;
using namespace fedgram::power_logs::test;

TEST_CASE("nvidia-smi with heading and units: watts by its timestamps")
{
    const auto log = parsed(
        "timestamp, index, name, power.draw [W], utilization.gpu [%], memory.used [MiB]\n"
        "2024/05/01 12:00:00.000, 0, NVIDIA GeForce RTX 4090, 100.00 W, 95 %, 12000 MiB\n"
        "2024/05/01 12:00:01.000, 0, NVIDIA GeForce RTX 4090, 300.00 W, 96 %, 12000 MiB\n"
        "2024/05/01 12:00:02.500, 0, NVIDIA GeForce RTX 4090, 300.00 W, 97 %, 12000 MiB\n");
    CHECK(log.form == LogForm::nvidia_smi);
    CHECK(log.device == "0");
    CHECK(log.source == "power.draw");
    CHECK(log.draw == Draw::averaged);
    CHECK(log.absolute_time);
    CHECK(stretch_of(log).begin == LogTime{noon});
    CHECK(joules(log) == Approx(650));  // 200 W x 1 s + 300 W x 1.5 s
    CHECK(has_note(log, "were read as UTC"));
}

TEST_CASE("Local time is moved by the offset that it is ahead of UTC")
{
    PowerLogOptions options;
    options.utc_offset = std::chrono::hours{2};
    const auto log =
        parsed("timestamp, power.draw [W]\n2024/05/01 14:00:00.000, 10 W\n2024/05/01 14:00:01.000, 10 W\n", options);
    CHECK(stretch_of(log).begin == LogTime{noon});
    CHECK_FALSE(has_note(log, "UTC"));
}

TEST_CASE("nvidia-smi with nounits, Windows line ends and a byte-order mark")
{
    const auto log = parsed(
        "\xEF\xBB\xBFtimestamp, power.draw [W]\r\n2024/05/01 12:00:00.000, 100.00\r\n2024/05/01 12:00:01.000, "
        "110.00\r\n");
    CHECK(joules(log) == Approx(105));
    CHECK(log.device.empty());
}

TEST_CASE("nvidia-smi with noheader needs the names of its columns")
{
    const std::string text = "2024/05/01 12:00:00.000, 0, 100.00\n2024/05/01 12:00:01.000, 0, 100.00\n";
    CHECK_THROWS_AS(parsed(text), SpecError);
    CHECK_THROWS_WITH(parsed(text), Catch::Contains("no heading; name its columns"));
    PowerLogOptions options;
    options.columns = {"timestamp", "index", "power.draw"};
    CHECK(joules(parsed(text, options)) == Approx(100));
    options.columns = {"timestamp", "power.draw"};
    CHECK_THROWS_WITH(parsed(text, options), "log:1: has 3 fields, but there are 2 columns");
}

TEST_CASE("Of several GPUs one is chosen by index, UUID or bus id, and without a choice all are listed")
{
    const std::string text =
        "timestamp, index, uuid, pci.bus_id, power.draw [W]\n"
        "2024/05/01 12:00:00.000, 0, GPU-45b6, 00000000:51:00.0, 50.00 W\n"
        "2024/05/01 12:00:00.003, 1, GPU-431a, 00000000:9C:00.0, 250.00 W\n"
        "2024/05/01 12:00:01.000, 0, GPU-45b6, 00000000:51:00.0, 50.00 W\n"
        "2024/05/01 12:00:01.003, 1, GPU-431a, 00000000:9C:00.0, 250.00 W\n";
    CHECK_THROWS_AS(parsed(text), SpecError);
    CHECK_THROWS_WITH(parsed(text),
                      "the log has several devices; choose one: 0 (GPU-45b6, 00000000:51:00.0), 1 (GPU-431a, "
                      "00000000:9C:00.0)");
    PowerLogOptions options;
    for (const std::string device : {"1", "GPU-431a", "00000000:9C:00.0"}) {
        options.device = device;
        const auto log = parsed(text, options);
        CHECK(log.device == "1");
        CHECK(joules(log) == Approx(250));
    }
    options.device = "2";
    CHECK_THROWS_WITH(parsed(text, options), Catch::Contains("no device \"2\"; it has 0 (GPU-45b6"));
}

TEST_CASE("Two GPUs of one name aren't told apart by it")
{
    PowerLogOptions options;
    options.device = "Tesla T4";
    CHECK_THROWS_WITH(parsed("timestamp, index, name, power.draw [W]\n"
                             "2024/05/01 12:00:00.000, 0, Tesla T4, 50 W\n2024/05/01 12:00:00.002, 1, Tesla T4, 60 W\n",
                             options),
                      Catch::Contains("several devices called \"Tesla T4\""));
}

TEST_CASE("Several GPUs without a column that tells them apart are refused")
{
    CHECK_THROWS_WITH(parsed("timestamp, power.draw [W]\n"
                             "2024/05/01 12:00:00.000, 50 W\n2024/05/01 12:00:00.002, 250 W\n"
                             "2024/05/01 12:00:01.000, 50 W\n2024/05/01 12:00:01.002, 250 W\n"
                             "2024/05/01 12:00:02.000, 50 W\n2024/05/01 12:00:02.002, 250 W\n"),
                      Catch::Contains("log index or uuid"));
}

TEST_CASE("What nvidia-smi doesn't know is a gap and no zero")
{
    const auto log = parsed(
        "timestamp, power.draw [W]\n"
        "2024/05/01 12:00:00.000, 10.00 W\n2024/05/01 12:00:01.000, 10.00 W\n2024/05/01 12:00:02.000, [N/A]\n"
        "2024/05/01 12:00:03.000, [Unknown Error]\n2024/05/01 12:00:04.000, 20.00 W\n"
        "2024/05/01 12:00:05.000, 20.00 W\n");
    const auto all = whole(log);
    CHECK(all.energy->count() == Approx(30));
    CHECK(all.uncovered.count() == Approx(3));
    CHECK(has_note(log, "2 lines have no value"));
    CHECK_THROWS_WITH(parsed("timestamp, power.draw [W]\n2024/05/01 12:00:00.000, [Not Supported]\n"),
                      "log: holds no value of power.draw; each of its 1 lines says there is none");
}

TEST_CASE("What power.draw is depends on the GPU; its siblings say so themselves")
{
    const auto draw = [](const std::string& name) {
        return parsed("timestamp, name, power.draw [W]\n2024/05/01 12:00:00.000, " + name + ", 10 W\n").draw;
    };
    CHECK(draw("NVIDIA A100-SXM4-40GB") == Draw::momentary);  // GA100
    CHECK(draw("Tesla V100-SXM2-16GB") == Draw::momentary);
    CHECK(draw("NVIDIA GeForce RTX 2080 Ti") == Draw::momentary);
    CHECK(draw("Quadro RTX 6000") == Draw::momentary);
    CHECK(draw("NVIDIA H100 80GB HBM3") == Draw::averaged);
    CHECK(draw("NVIDIA A10") == Draw::averaged);
    CHECK(draw("NVIDIA RTX A6000") == Draw::averaged);
    CHECK(draw("NVIDIA RTX 6000 Ada Generation") == Draw::averaged);
    CHECK(draw("NVIDIA GeForce RTX 3090") == Draw::averaged);
    CHECK(draw("NVIDIA Graphics Device") == Draw::unknown);
    CHECK(parsed("timestamp, power.draw.average [W]\n2024/05/01 12:00:00.000, 10 W\n").draw == Draw::averaged);
    CHECK(parsed("timestamp, power.draw.instant [W]\n2024/05/01 12:00:00.000, 10 W\n").draw == Draw::momentary);

    const std::string both =
        "timestamp, power.draw.average [W], power.draw.instant [W]\n2024/05/01 12:00:00.000, 1 W, 2 W\n";
    CHECK(parsed(both).source == "power.draw.average");
    PowerLogOptions options;
    options.watts_column = "power.draw.instant";
    CHECK(parsed(both, options).segments[0].samples[0].power == Watts{2});
    options.watts_column = "power.limit";
    CHECK_THROWS_WITH(parsed(both, options),
                      Catch::Contains("no column \"power.limit\"; it has timestamp, power.draw"));
}

TEST_CASE("Without a timestamp the interval has to be said")
{
    const std::string text = "index, power.draw [W]\n0, 10 W\n1, 30 W\n0, 20 W\n1, 30 W\n";
    PowerLogOptions options;
    options.device = "0";
    CHECK_THROWS_WITH(parsed(text, options), Catch::Contains("give the interval"));
    options.interval = LogTime{2};
    const auto log = parsed(text, options);
    CHECK_FALSE(log.absolute_time);
    CHECK(joules(log) == Approx(30));  // 15 W x 2 s
}
