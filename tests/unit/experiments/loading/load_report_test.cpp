#include "experiments/loading/load_report.hpp"

#include <catch2/catch.hpp>
#include <csignal>

#include <nlohmann/json.hpp>

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

/// 100 answers of 2 ms each, 1.5 ms of them in the server, in batches of 2 that take it 0.3 core-seconds.
LoadResult result()
{
    LoadResult result;
    result.server.set_model("small");
    result.server.set_arithmetic("int8");
    result.server.set_instances(2);
    result.server.set_max_batch(8);
    serving::LatencyRecord latencies;
    serving::BatchMeans means;
    for (int i = 0; i < 100; ++i) {
        latencies.add(serving::Nanoseconds{2'000'000});
        means.add(serving::Nanoseconds{2'000'000});
        result.queued.add(serving::Nanoseconds{1'000'000});
        result.computed.add(serving::Nanoseconds{500'000});
    }
    result.latency = serving::latency_summary(latencies, means);
    result.throughput = 50;
    result.sent = 110;
    result.answered = 100;
    result.queue_full = 4;
    result.expired = 3;
    result.refused_otherwise = 2;
    result.lost = 1;
    result.after.set_uptime_ns(1);
    result.after.set_answered(100);
    result.after.add_batches(0);
    result.after.add_batches(50);
    result.after.set_core_seconds(0.3);
    result.after.set_resident_bytes(20'000'000);
    return result;
}

}  // namespace

TEST_CASE("A load's text says each percentile's requests, and where there are too few", "[loading]")
{
    const LoadOptions options{.address = "here:1", .load = serving::ClosedLoop{1}, .requests = 110};
    const auto text = load_text(options, "4 images", result());
    CHECK_THAT(text, Contains("small in int8 at here:1: 2 instances, batches of at most 8"));
    CHECK_THAT(text, Contains("closed loop of 1 client, over 1 connection; 4 images"));
    CHECK_THAT(text, Contains("throughput: 50.0 answers a second"));
    CHECK_THAT(text, Contains("latency: mean 2.00 ms with a standard error of 0 ms, of 100 answers"));
    CHECK_THAT(text, Contains("p90            2.00      100      64"));
    CHECK_THAT(text, Contains("p95         too few      100     130"));
    CHECK_THAT(text, Contains("110 sent, 100 answered, 1 lost; refused: 4 (queue full), 3 (the server's deadline), 2"));
    CHECK_THAT(text, Contains("queued 1.00 ms, computed 0.500 ms on average; batches of 2.00; 3.00 core-seconds"));
    CHECK_THAT(text, Contains("20.0 MB resident"));
    CHECK_THAT(text, Contains("(coordinated omission); --rate counts them."));
    CHECK_THAT(text, !Contains("deadline: ") && !Contains("accuracy") && !Contains("sent late") && !Contains("early"));
}

TEST_CASE("A load's text says what windows made of it, and why it ended early", "[loading]")
{
    LoadOptions options{.address = "here:1", .load = serving::ConstantRate{50}};
    auto some = result();
    some.windows.assign(3, {.length = Seconds{0.5}, .answers = 25, .per_second = 50, .mean = Seconds{2e-3}});
    some.stability = serving::Stability::stable;
    CHECK_THAT(load_text(options, "", some),
               Contains("windows: 3 of 0.500 s, stable: the last three agree within 10 % in throughput and mean "
                        "latency; the last three count"));
    some.stability = serving::Stability::unstable;
    CHECK_THAT(load_text(options, "", some), Contains("not stable: no three in a row agree within 10 %"));
    options.duration = serving::Nanoseconds{1'500'000'000};
    CHECK_THAT(load_text(options, "", some),
               Contains("not stable: of the last three not all agree") && Contains("mean latency; all count"));
    some.stability = serving::Stability::open;
    some.signal_number = SIGINT;
    CHECK_THAT(load_text(options, "", some), Contains("ended early by SIGINT") && Contains("too few to say"));
    some.windows.clear();
    some.failure = "it went";
    CHECK_THAT(load_text(options, "", some), Contains("ended early: it went") && Contains("warming up"));
}

TEST_CASE("A load's deadline and labels are in text and JSON alike", "[loading]")
{
    const LoadOptions options{.address = "here:1",
                              .load = serving::PoissonRate{50, Stream{1, Purpose::arrivals}},
                              .seed = 7,
                              .deadline = serving::Nanoseconds{1'500'000}};
    auto some = result();
    some.answered_late = 12;
    some.sent_late = 1;
    some.labelled = LabelledAnswers{.images = 40, .right = 36};
    const auto text = load_text(options, "", some);
    CHECK_THAT(text, Contains("open loop, 50 requests a second, Poisson (seed 7)"));
    CHECK_THAT(text,
               Contains("deadline: 12 of 100 measured answers came later than 1.5 ms; 9 requests were refused in all"));
    CHECK_THAT(text, Contains("accuracy: 90.0 %, 36 right of 40 test images"));
    CHECK_THAT(text, Contains("sent late: 1 request, by more than 1 ms") && !Contains("not sent"));
    some.not_sent = 40;
    CHECK_THAT(load_text(options, "", some), Contains("not sent: about 40 that were due by the end"));
    const auto json = load_json(options, "", some);
    CHECK(json.at("deadline") == Json{{"ms", 1.5}, {"answers", 100}, {"answered_late", 12}, {"refused", 9}});
    CHECK(json.at("accuracy") == Json{{"images", 40}, {"right", 36}, {"share", 0.9}});
    CHECK(json.at("latency").at("mean_ms") == 2.0);
    CHECK(json.at("latency").at("percentiles")[3].at("ms").is_null());
    CHECK(json.at("server").at("mean_batch") == 2.0);
    CHECK(json.at("server").at("core_seconds_per_1000") == Approx(3));
}

TEST_CASE("A rate is written as somebody would", "[loading]")
{
    LoadOptions options{.address = "here:1", .load = serving::ConstantRate{200'000}};
    CHECK_THAT(load_text(options, "", result()), Contains("open loop, 200000 requests a second, evenly"));
    options.load = serving::ConstantRate{0.25};
    CHECK_THAT(load_text(options, "", result()), Contains("open loop, 0.25 requests a second, evenly"));
}

TEST_CASE("What a server that went doesn't tell is unknown, not zero", "[loading]")
{
    auto gone = result();
    gone.after = {};
    gone.failure = "it went";
    const LoadOptions options{.address = "here:1", .load = serving::ClosedLoop{1}};
    const auto json = load_json(options, "", gone);
    for (const auto* key : {"mean_batch", "core_seconds_per_1000", "resident_bytes"})
        CHECK(json.at("server").at(key).is_null());
    CHECK(json.at("failure") == "it went");
    CHECK_THAT(load_text(options, "", gone), !Contains("core-seconds"));
}
