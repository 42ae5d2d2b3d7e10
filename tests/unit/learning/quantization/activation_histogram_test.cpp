#include "common/learning/quantization/activation_histogram.hpp"

#include <algorithm>
#include <limits>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

constexpr std::size_t zero = ActivationHistogram::half;

void check_same(const ActivationHistogram& one, const ActivationHistogram& other)
{
    CHECK(one.width() == other.width());
    CHECK(one.range() == other.range());
    CHECK(std::equal(one.counts().begin(), one.counts().end(), other.counts().begin()));
}

}  // namespace

TEST_CASE("Bins are as wide as a power of two, and twice as wide for a value that they don't reach", "[quantization]")
{
    ActivationHistogram histogram;
    histogram.add(std::vector<float>{0, 0});
    CHECK(histogram.counts()[zero] == 2);
    histogram.add(std::vector<float>{1.5F, -.5F, -1, 2047.9F});
    CHECK(histogram.width() == 1);
    CHECK(histogram.counts()[zero] == 2);
    CHECK(histogram.counts()[zero + 1] == 1);
    CHECK(histogram.counts()[zero - 1] == 2);  // -0.5 and -1
    CHECK(histogram.counts()[zero + 2047] == 1);
    histogram.add(std::vector<float>{-3000});
    CHECK(histogram.width() == 2);
    CHECK(histogram.counts()[zero] == 3);
    CHECK(histogram.counts()[zero - 1] == 2);
    CHECK(histogram.counts()[zero + 1023] == 1);
    CHECK(histogram.counts()[zero - 1500] == 1);
    CHECK(histogram.total() == 7);
    CHECK(histogram.range() == ValueRange{-3000, 2047.9F});
    CHECK(histogram.magnitudes()[0] == 5);
    CHECK(histogram.magnitudes()[1499] == 1);  // 3000 is the end of 1,500 bins
}

TEST_CASE("The smallest and the largest floats have bins", "[quantization]")
{
    constexpr float least = std::numeric_limits<float>::denorm_min();
    constexpr float most = std::numeric_limits<float>::max();
    ActivationHistogram histogram;
    histogram.add(std::vector<float>{least, -least});
    CHECK(histogram.counts()[zero + 1024] == 1);
    CHECK(histogram.counts()[zero - 1024] == 1);
    histogram.add(std::vector<float>{most, -most});
    CHECK(histogram.counts()[zero] == 1);
    CHECK(histogram.counts()[zero - 1] == 1);
    CHECK(histogram.counts()[zero + 2047] == 1);
    CHECK(histogram.counts()[zero - 2048] == 1);
}

TEST_CASE("A histogram is the same for every order and every dealing out of its values", "[quantization]")
{
    auto values = uniform_values(3000, -1, 1, 7);
    for (std::size_t i = 0; i < values.size(); ++i) values[i] *= i % 3 == 0 ? 1e-3F : i % 3 == 1 ? 40 : 1;
    ActivationHistogram at_once;
    at_once.add(values);

    Stream random{8, Purpose::synthetic_data};
    random.shuffle(std::span{values});
    ActivationHistogram one_by_one;
    for (const float& value : values) one_by_one.add({&value, 1});
    check_same(one_by_one, at_once);

    std::sort(values.begin(), values.end(), [](float a, float b) { return std::abs(a) < std::abs(b); });
    ActivationHistogram small;
    ActivationHistogram large;
    small.add(std::span{values}.first(1000));
    large.add(std::span{values}.subspan(1000));
    auto merged = large;
    merged.merge(small);
    check_same(merged, at_once);
    small.merge(large);
    check_same(small, at_once);
    small.merge({});
    check_same(small, at_once);
    ActivationHistogram empty;
    empty.merge(small);
    check_same(empty, at_once);
}
