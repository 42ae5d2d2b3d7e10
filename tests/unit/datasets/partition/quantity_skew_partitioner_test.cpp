#include "datasets/partition/quantity_skew_partitioner.hpp"

#include <catch2/catch.hpp>

#include <cmath>

#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;

TEST_CASE("Quantity skew gives unequal sizes with the variance of Dirichlet shares", "[datasets]")
{
    // As for one class of the Dirichlet partitioner: mean 0.1, variance 0.09 / (10 a + 1).
    for (const double alpha : {0.5, 5.0}) {
        double square_sum = 0;
        constexpr int seeds = 2000;
        for (int seed = 0; seed < seeds; ++seed) {
            Stream stream{static_cast<std::uint64_t>(seed), Purpose::partition};
            for (const auto size : sizes_of(quantity_skew_partition(1000, 10, alpha, stream))) {
                const double share = static_cast<double>(size) / 1000;
                square_sum += (share - 0.1) * (share - 0.1);
            }
        }
        CHECK(square_sum / (seeds * 10) == Approx(0.09 / (10 * alpha + 1)).epsilon(0.06));
    }
}

TEST_CASE("Quantity skew leaves the mix of classes alone", "[datasets]")
{
    const auto labels = balanced_labels(2, 50'000);
    Stream stream{1, Purpose::partition};
    for (const auto& share : quantity_skew_partition(labels.size(), 10, 0.5, stream)) {
        const auto counts = class_counts(share, labels, 2);
        // 5 sigma of a fair coin thrown `size` times.
        const auto size = static_cast<double>(share.size());
        CHECK(counts[0] == Approx(size / 2).margin(2.5 * std::sqrt(size) + 1));
    }
}
