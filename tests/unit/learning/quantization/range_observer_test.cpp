#include "common/learning/quantization/range_observer.hpp"

#include <limits>
#include <memory>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/quantization/histogram_ranges.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using Catch::Matchers::Contains;

namespace {

std::vector<std::unique_ptr<RangeObserver>> all_observers()
{
    std::vector<std::unique_ptr<RangeObserver>> observers;
    observers.push_back(std::make_unique<MinMaxObserver>());
    observers.push_back(std::make_unique<MovingAverageObserver>());
    observers.push_back(std::make_unique<PercentileObserver>(99.99));
    observers.push_back(std::make_unique<EntropyObserver>());
    return observers;
}

}  // namespace

TEST_CASE("Calibration without data is refused", "[quantization]")
{
    for (const auto& observer : all_observers()) {
        observer->observe({});
        CHECK_THROWS_AS(observer->range(), SpecError);
        CHECK_THROWS_WITH(observer->range(), Contains("no activations were observed"));
    }
}

TEST_CASE("An activation that isn't finite is refused, and a constant is a range of its own", "[quantization]")
{
    constexpr auto not_finite = std::numeric_limits<float>::quiet_NaN();
    for (const auto& observer : all_observers()) {
        CHECK_THROWS_AS(observer->observe(std::vector<float>{1, not_finite}), DataError);
        CHECK_THROWS_WITH(observer->observe(std::vector<float>{1, -2, not_finite}), Contains("activation[2] is nan"));
    }
    for (const float constant : {0.0F, 3.0F, -.25F})
        for (const auto& observer : all_observers()) {
            observer->observe(std::vector<float>(10, constant));
            CHECK(observer->range() == ValueRange{constant, constant});
        }
}

TEST_CASE("All of a range, and its moving average over batches", "[quantization]")
{
    MinMaxObserver all;
    MovingAverageObserver average;
    for (const auto& batch : {std::vector<float>{0, 100, 3}, std::vector<float>{200, -100}}) {
        all.observe(batch);
        average.observe(batch);
    }
    CHECK(all.range() == ValueRange{-100, 200});
    // By hand: 0 + 0.01 (-100 - 0), 100 + 0.01 (200 - 100).
    CHECK(average.range().min == Approx(-1));
    CHECK(average.range().max == Approx(101));
}

TEST_CASE("Observers of a histogram give its ranges, batch by batch or at once", "[quantization]")
{
    const auto values = uniform_values(5000, -2, 3, 4);
    ActivationHistogram histogram;
    histogram.add(values);
    PercentileObserver percentile{99};
    EntropyObserver entropy;
    for (std::size_t first = 0; first < values.size(); first += 500) {
        percentile.observe(std::span{values}.subspan(first, 500));
        entropy.observe(std::span{values}.subspan(first, 500));
    }
    CHECK(percentile.range() == percentile_range(histogram, 99));
    CHECK(entropy.range() == entropy_range(histogram));
}

TEST_CASE("A percentile that keeps nothing or more than all is refused", "[quantization]")
{
    for (const double percentile : {0.0, -1.0, 100.5, std::numeric_limits<double>::quiet_NaN()})
        CHECK_THROWS_AS(PercentileObserver{percentile}, SpecError);
    CHECK_THROWS_WITH(PercentileObserver{101}, Contains("a percentile of 101"));
}
