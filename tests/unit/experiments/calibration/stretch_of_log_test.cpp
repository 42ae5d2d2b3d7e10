#include "experiments/calibration/stretch_of_log.hpp"

#include <catch2/catch.hpp>

#include "common/energy/logs/read_power_log.hpp"
#include "common/error/error.hpp"
#include "common/files/files.hpp"
#include "experiments/commands/calibrate.hpp"
#include "experiments/lookup/record_lookup.hpp"
#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::experiments;

namespace {

// A sample a second from 10:00:00 UTC on: 50 W for ten seconds, then 100 W.
std::string log_text()
{
    std::string text = "timestamp, power.draw [W]\n";
    for (int second = 0; second <= 20; ++second)
        text += "2026/11/28 10:00:" + std::string(second < 10 ? "0" : "") + std::to_string(second) + ".000, " +
                (second < 10 ? "50.00" : "100.00") + " W\n";
    return text;
}

power_logs::PowerLog sample_log() { return power_logs::parse_power_log(log_text(), "gpu.csv"); }

LoggedWork work(std::optional<double> begin, std::optional<double> seconds, bool absolute = false)
{
    LoggedWork logged{{.steps = 1, .flops = 1, .kernels = 1}, "a training", {}, absolute, {}, Seconds{1}};
    if (begin) logged.begin = power_logs::LogTime{*begin};
    if (seconds) logged.seconds = Seconds{*seconds};
    return logged;
}

constexpr double ten_o_clock = 1'795'860'000;  // 2026-11-28T10:00:00Z

}  // namespace

TEST_CASE("A stretch has the log's mean over the work's time, and its halves' as the band")
{
    // From 12 s on, 6 s of 100 W.
    const auto late = stretch_of_work(sample_log(), "gpu.csv", work(12, 6), {});
    CHECK(late.seconds.count() == 6);
    CHECK(late.uncertainty.count() == 1);
    CHECK(late.power.mean.count() == Approx(100));
    // All of it: 9 s of 50 W, one of 75, ten of 100.
    const auto whole = stretch_of_work(sample_log(), "gpu.csv", work({}, {}), {});
    CHECK(whole.power.mean.count() == Approx((9 * 50 + 75 + 1000) / 20.0));
    CHECK(whole.power.low.count() == Approx(52.5));
    CHECK(whole.power.high.count() == Approx(100));
    CHECK_THAT(whole.power.source, Catch::Matchers::StartsWith("gpu.csv (nvidia-smi, ") &&
                                       Catch::Matchers::EndsWith(" over 20.0 s, under a training"));
}

TEST_CASE("The log's clock may be ahead of the work's")
{
    const auto at = [](double begin, double offset) {
        return stretch_of_work(sample_log(), "gpu.csv", work(begin, 5, true), power_logs::LogTime{offset});
    };
    CHECK(at(ten_o_clock + 2, 0).power.mean.count() == Approx(50));
    CHECK(at(ten_o_clock + 2 - 3600, 3600).power.mean.count() == Approx(50));
    CHECK(at(ten_o_clock + 2 - 3600, 3610).power.mean.count() == Approx(100));
    CHECK_THROWS_WITH(at(ten_o_clock + 2, 3600),
                      Catch::Matchers::StartsWith("gpu.csv: the log covers 0 of 5.00 s of the work, which is from "
                                                  "2026-11-28T11:00:02Z to 2026-11-28T11:00:07Z; the log is from "
                                                  "2026-11-28T10:00:00Z to 2026-11-28T10:00:20Z; --offset says"));
}

TEST_CASE("A log without dates can't be laid beside work that has one")
{
    power_logs::PowerLogOptions options;
    options.columns = {"power.draw"};
    options.interval = power_logs::LogTime{1};
    const auto log = power_logs::parse_power_log("50.00 W\n50.00 W\n50.00 W\n", "gpu.csv", options);
    CHECK(stretch_of_work(log, "gpu.csv", work(0, 2), {}).power.mean.count() == Approx(50));
    CHECK_THROWS_WITH(stretch_of_work(log, "gpu.csv", work(ten_o_clock, 2, true), {}),
                      Catch::Matchers::StartsWith("gpu.csv: the log has no dates, and the work has;"));
}

TEST_CASE("fedgram calibrate makes a profile of a log and a work file, and refuses what doesn't fit together")
{
    const test::TemporaryFolder folder;
    const auto log = folder.path() / "gpu.csv";
    const auto work_file = folder.path() / "work.json";
    const auto out = folder.path() / "mine.json";
    files::write_file(log, log_text());
    files::write_file(work_file, R"({"network": "resnet-50", "optimizer": "momentum", "batch": 64, "steps": 50,
                                     "begin": "2026-11-28T10:00:11Z", "seconds": 9})");
    CalibrateOptions options{.id = "mine"};
    options.out = out;
    options.by_logs.logs = {log};
    options.by_logs.works = {work_file};
    options.by_logs.base = "v100";
    options.by_logs.paces = {"device"};
    CHECK(calibrate(options) == 0);
    const auto profile = device(out.string());
    CHECK(profile.id == "mine");
    CHECK(profile.full_w.value == Approx(100).epsilon(0.01));
    CHECK(profile.full_w.evidence == energy::EvidenceLevel::fitted);
    // 64 x 50 samples of 24.3 GFLOP in 9 s, less the kernels.
    CHECK(profile.sustained_gflops.value == Approx(3'200 * 24.299 / 9).epsilon(0.05));

    const auto refused = [&](auto change, const std::string& error) {
        auto changed = options;
        change(changed.by_logs);
        CHECK_THROWS_WITH(calibrate(changed), Catch::Matchers::StartsWith(error));
    };
    refused([&](auto& logs) { logs.idle_log = out; }, "--out: " + out.string() + " is one of the logs");
    refused([](auto& logs) { logs.works.clear(); }, "--log: state the work");
    refused([](auto& logs) { logs.base.clear(); }, "--base: missing");
    refused([](auto& logs) { logs.paces.push_back("host"); }, "--pace: given 2 times beside 1 logs");
    files::write_file(work_file, R"({"network": "resnet-50", "optimizer": "momentum", "batch": 64, "steps": 0})");
    refused([](auto&) {}, work_file.string() + ".steps: 0 is not valid; use at least 1");
    files::write_file(work_file,
                      R"({"samples": 1, "steps": 1, "kernels": 1, "flops": 1, "memory_bytes": 1, "begin": "noon"})");
    refused([](auto&) {}, work_file.string() + ".begin: \"noon\" is not valid; use a time in UTC");
}
