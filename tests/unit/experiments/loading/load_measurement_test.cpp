#include "experiments/loading/load_measurement.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using experiments::LoadMeasurement;
using experiments::WindowRule;
using serving::Nanoseconds;
using serving::Stability;

namespace {

/// `count` answers, evenly over a window of 1000 ns, of this latency.
void fill(LoadMeasurement& measurement, std::int64_t window, std::int64_t count, std::int64_t latency)
{
    for (std::int64_t i = 0; i < count; ++i) {
        const Nanoseconds now{window * 1000 + i * 1000 / count};
        measurement.answered(now - Nanoseconds{latency}, now);
    }
}

}  // namespace

TEST_CASE("A load is measured until three windows agree, and they are the result", "[loading]")
{
    LoadMeasurement measurement{Nanoseconds{1000}, Nanoseconds{1000}};
    fill(measurement, 0, 500, 900);  // before the first window
    fill(measurement, 1, 20, 200);
    for (const std::int64_t window : {2, 3, 4}) {
        CHECK(measurement.stability() == Stability::open);
        fill(measurement, window, 10, 50);
    }
    CHECK(measurement.window_end()->count() == 5000);
    measurement.time_passes(Nanoseconds{5000});
    CHECK(measurement.stability() == Stability::stable);
    measurement.answered(Nanoseconds{5000}, Nanoseconds{5001});  // behind the last
    const auto [throughput, latency, late] = measurement.result(Nanoseconds{6000});
    // 30 answers in 3000 ns.
    CHECK(throughput == Approx(1e7));
    CHECK(latency.requests == 30);
    CHECK(latency.mean->count() == Approx(50e-9));
    CHECK(latency.percentiles[0].value->count() == Approx(50e-9));
    CHECK_FALSE(latency.percentiles[3].value);
}

TEST_CASE("What is late is counted among the answers of the result alone", "[loading]")
{
    const auto late_of = [](WindowRule rule, std::optional<Nanoseconds> window) {
        LoadMeasurement measurement{Nanoseconds{window ? 1000 : 0}, window, rule, Nanoseconds{60}};
        fill(measurement, 0, 500, 900);  // before the first window, where there are some
        fill(measurement, 1, 20, 200);
        for (const std::int64_t each : {2, 3, 4}) fill(measurement, each, 10, 50 + 10 * (each - 2));  // 70 in the last
        const auto result = measurement.result(Nanoseconds{5000});
        return std::pair{result.late, result.latency.requests};
    };
    CHECK(late_of(WindowRule::until_they_agree, Nanoseconds{1000}) == std::pair{std::uint64_t{10}, std::uint64_t{30}});
    CHECK(late_of(WindowRule::ten, Nanoseconds{1000}) == std::pair{std::uint64_t{30}, std::uint64_t{50}});
    CHECK(late_of(WindowRule::ten, std::nullopt) == std::pair{std::uint64_t{530}, std::uint64_t{550}});
}

TEST_CASE("Windows that never agree end after ten", "[loading]")
{
    LoadMeasurement measurement{Nanoseconds{}, Nanoseconds{1000}};
    for (std::int64_t window = 0; window < 10; ++window) {
        CHECK(measurement.stability() == Stability::open);
        fill(measurement, window, 10 << (window % 2), 50);
    }
    measurement.time_passes(Nanoseconds{10'000});
    CHECK(measurement.stability() == Stability::unstable);
    CHECK(measurement.result(Nanoseconds{10'000}).latency.requests == 20 + 10 + 20);
}

TEST_CASE("A server that doesn't answer at all ends windows, too", "[loading]")
{
    LoadMeasurement measurement{Nanoseconds{}, Nanoseconds{1000}};
    measurement.time_passes(Nanoseconds{9'999});
    CHECK(measurement.stability() == Stability::open);
    measurement.time_passes(Nanoseconds{10'000});
    CHECK(measurement.stability() == Stability::unstable);
}

TEST_CASE("Without windows all answers count, from first to last", "[loading]")
{
    LoadMeasurement measurement{Nanoseconds{}, std::nullopt};
    for (std::int64_t window = 0; window < 4; ++window) fill(measurement, window, 25, 100);
    CHECK_FALSE(measurement.window_end());
    CHECK(measurement.stability() == Stability::open);
    const auto [throughput, latency, late] = measurement.result(Nanoseconds{4000});
    CHECK(throughput == Approx(2.5e7));
    CHECK(latency.requests == 100);
}

TEST_CASE("Ten windows all count, whether the last three agree or not", "[loading]")
{
    for (const bool agree : {true, false}) {
        LoadMeasurement measurement{Nanoseconds{}, Nanoseconds{1000}, experiments::WindowRule::ten};
        for (std::int64_t window = 0; window < 10; ++window) {
            CHECK(measurement.stability() == Stability::open);
            fill(measurement, window, window == 9 && !agree ? 20 : 10, 50);
        }
        measurement.time_passes(Nanoseconds{10'000});
        CHECK(measurement.stability() == (agree ? Stability::stable : Stability::unstable));
        const auto [throughput, latency, late] = measurement.result(Nanoseconds{10'000});
        CHECK(latency.requests == (agree ? 100 : 110));
        CHECK(throughput == Approx(agree ? 1e7 : 1.1e7));  // in 10,000 ns
        CHECK(latency.standard_error->count() == Approx(0).margin(1e-15));
        CHECK(measurement.windows(Nanoseconds{10'000}).size() == 10);
    }
}

TEST_CASE("A measurement that is ended early counts its open window as long as it was", "[loading]")
{
    for (const auto rule : {experiments::WindowRule::until_they_agree, experiments::WindowRule::ten}) {
        LoadMeasurement measurement{Nanoseconds{1000}, Nanoseconds{1000}, rule};
        CHECK(measurement.result(Nanoseconds{500}).latency.requests == 0);
        CHECK(measurement.windows(Nanoseconds{500}).empty());
        fill(measurement, 1, 10, 50);
        for (std::int64_t at = 2000; at < 2500; at += 50) measurement.answered(Nanoseconds{at - 50}, Nanoseconds{at});
        const auto [throughput, latency, late] = measurement.result(Nanoseconds{2500});
        CHECK(latency.requests == 20);
        CHECK(throughput == Approx(20 / 1500e-9));
        const auto windows = measurement.windows(Nanoseconds{2500});
        REQUIRE(windows.size() == 2);
        CHECK(windows.back().length.count() == 500);
        CHECK(measurement.stability() == Stability::open);
    }
}
