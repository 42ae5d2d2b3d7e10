#include "common/learning/quantization/histogram_ranges.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "tests/unit/learning/quantization/layered_model.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

ActivationHistogram histogram_of(const std::vector<float>& values)
{
    ActivationHistogram histogram;
    histogram.add(values);
    return histogram;
}

std::vector<float> normals(std::size_t count, std::uint64_t seed)
{
    Stream random{seed, Purpose::synthetic_data};
    std::vector<float> values(count);
    for (float& value : values) value = static_cast<float>(random.normal());
    return values;
}

// The published algorithm step by step, over whole arrays: reference, codes of bins, candidate, both normalised.
double published_threshold(const ActivationHistogram& histogram, std::size_t codes)
{
    auto bins = histogram.magnitudes();
    bins[0] = bins[1];
    while (bins.back() == 0) bins.pop_back();  // its last bin is that of the largest magnitude
    double least = std::numeric_limits<double>::infinity();
    std::size_t best = 0;
    for (std::size_t kept = codes; kept <= bins.size(); ++kept) {
        std::vector<double> reference(bins.begin(), bins.begin() + static_cast<std::ptrdiff_t>(kept));
        std::vector<double> mass(codes);
        std::vector<double> filled(codes);
        for (std::size_t bin = 0; bin < kept; ++bin) {
            const std::size_t code = bin * codes / kept;
            mass[code] += reference[bin];
            filled[code] += reference[bin] > 0 ? 1 : 0;
        }
        std::vector<double> candidate(kept);
        for (std::size_t bin = 0; bin < kept; ++bin)
            if (reference[bin] > 0) candidate[bin] = mass[bin * codes / kept] / filled[bin * codes / kept];
        for (std::size_t bin = kept; bin < bins.size(); ++bin) reference.back() += static_cast<double>(bins[bin]);
        double reference_sum = 0;
        double candidate_sum = 0;
        for (std::size_t bin = 0; bin < kept; ++bin) {
            reference_sum += reference[bin];
            candidate_sum += candidate[bin];
        }
        double divergence = 0;
        for (std::size_t bin = 0; bin < kept; ++bin) {
            const double p = reference[bin] / reference_sum;
            const double q = candidate[bin] / candidate_sum;
            if (p > 0) divergence += q > 0 ? p * std::log(p / q) : std::numeric_limits<double>::infinity();
        }
        if (divergence <= least) {
            least = divergence;
            best = kept;
        }
    }
    return static_cast<double>(best) * histogram.width();
}

}  // namespace

TEST_CASE("A percentile leaves out half of the others at each end", "[quantization]")
{
    // 2,048 values, one in each bin: 1/256 of them, 8, go at each end.
    std::vector<float> values;
    for (int i = 0; i < 2048; ++i) values.push_back(static_cast<float>(i));
    const auto histogram = histogram_of(values);
    CHECK(percentile_range(histogram, 100 - 200 / 256.0) == ValueRange{8, 2040});
    CHECK(percentile_range(histogram, 100) == ValueRange{0, 2047});
    CHECK(percentile_range(histogram, 99.99) == ValueRange{0, 2047});  // not one value is left out

    for (float& value : values) value = -value;
    CHECK(percentile_range(histogram_of(values), 100 - 200 / 256.0) == ValueRange{-2039, -7});
}

TEST_CASE("A percentile isn't moved by a single outlier, and ends within what was observed", "[quantization]")
{
    auto values = uniform_values(100'000, 0, 1, 6);
    values.front() = 1000;
    const auto range = percentile_range(histogram_of(values), 99.99);
    CHECK(range.min < .001F);
    CHECK(range.max == 1);  // the end of a bin: the outlier makes them 0.5 wide
    CHECK(percentile_range(histogram_of({5, 5, 5}), 99.99) == ValueRange{5, 5});
}

TEST_CASE("The range of least divergence is that of the published algorithm", "[quantization]")
{
    const auto signed_values = histogram_of(normals(20'000, 1));
    const auto range = entropy_range(signed_values);
    const double threshold = published_threshold(signed_values, 128);
    CHECK(static_cast<double>(range.max) == std::min(threshold, static_cast<double>(signed_values.range().max)));
    CHECK(static_cast<double>(range.min) == std::max(-threshold, static_cast<double>(signed_values.range().min)));
    CHECK(threshold < static_cast<double>(signed_values.range().max));  // it does cut

    auto positive = normals(20'000, 2);
    for (float& value : positive) value = std::max(value, 0.0F);
    const auto behind_relu = histogram_of(positive);
    CHECK(static_cast<double>(entropy_range(behind_relu).max) ==
          std::min(published_threshold(behind_relu, 256), static_cast<double>(behind_relu.range().max)));
    CHECK(entropy_range(behind_relu).min == 0);
}

TEST_CASE("An outlier is cut off, and values that lie evenly are not", "[quantization]")
{
    auto values = normals(20'000, 3);
    values.front() = 20;
    CHECK(entropy_range(histogram_of(values)).max < 8);

    std::vector<float> even;
    for (int i = 0; i < 40'960; ++i) even.push_back(static_cast<float>(i % 2048) + .5F);
    CHECK(entropy_range(histogram_of(even)) == ValueRange{.5F, 2047.5F});
}
