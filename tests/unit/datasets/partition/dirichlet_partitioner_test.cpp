#include "datasets/partition/dirichlet_partitioner.hpp"

#include <catch2/catch.hpp>

#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;

namespace {

constexpr std::uint32_t classes = 10;
constexpr std::uint32_t nodes = 10;
constexpr std::uint32_t per_class = 1000;

/// Mean over nodes and seeds of the share of a node's samples that is of its commonest class.
double mean_largest_class_share(double alpha)
{
    const auto labels = balanced_labels(classes, per_class);
    double sum = 0;
    constexpr int seeds = 20;
    for (int seed = 0; seed < seeds; ++seed) {
        Stream stream{static_cast<std::uint64_t>(seed), Purpose::partition};
        for (const auto& share : dirichlet_partition(labels, classes, nodes, alpha, stream)) {
            const auto counts = class_counts(share, labels, classes);
            sum += static_cast<double>(*std::max_element(counts.begin(), counts.end())) /
                   static_cast<double>(share.size());
        }
    }
    return sum / (seeds * nodes);
}

}  // namespace

TEST_CASE("The smaller alpha, the more a node's commonest class prevails", "[datasets]")
{
    const double at_001 = mean_largest_class_share(0.01);
    const double at_01 = mean_largest_class_share(0.1);
    const double at_05 = mean_largest_class_share(0.5);
    const double at_100 = mean_largest_class_share(100);
    CHECK(at_001 > at_01);
    CHECK(at_01 > at_05);
    CHECK(at_05 > at_100);
    CHECK(at_001 > 0.8);
    CHECK(at_100 < 0.14);  // IID would be a little above 0.1
}

TEST_CASE("A node's share of a class has the mean and variance of a Dirichlet share", "[datasets]")
{
    // A component of Dirichlet(a, ..., a) over K nodes is Beta(a, (K - 1) a): mean 1/K = 0.1,
    // variance (1/K)(1 - 1/K) / (K a + 1): for a = 0.5 0.09 / 6 = 0.015, for a = 5 0.09 / 51 = 0.0017647.
    const auto labels = balanced_labels(classes, per_class);
    for (const auto& [alpha, variance] : {std::pair{0.5, 0.09 / 6}, std::pair{5.0, 0.09 / 51}}) {
        double sum = 0;
        double square_sum = 0;
        constexpr int seeds = 200;
        for (int seed = 0; seed < seeds; ++seed) {
            Stream stream{static_cast<std::uint64_t>(seed), Purpose::partition};
            for (const auto& share : dirichlet_partition(labels, classes, nodes, alpha, stream))
                for (const auto count : class_counts(share, labels, classes)) {
                    const double class_share = static_cast<double>(count) / per_class;
                    sum += class_share;
                    square_sum += (class_share - 0.1) * (class_share - 0.1);
                }
        }
        constexpr int draws = seeds * nodes * classes;
        CHECK(sum / draws == Approx(0.1));  // by construction: every sample has a node
        // 20,000 dependent draws: the estimate's own deviation is below 2 %.
        CHECK(square_sum / draws == Approx(variance).epsilon(0.06));
    }
}

TEST_CASE("A node that Dirichlet leaves empty gets a sample of the largest", "[datasets]")
{
    // At alpha 0.001 nearly all of each class goes to one node, so 3 classes leave most of 10 nodes empty.
    const auto labels = balanced_labels(3, 100);
    Stream stream{1, Purpose::partition};
    auto sizes = sizes_of(dirichlet_partition(labels, 3, nodes, 0.001, stream));
    std::sort(sizes.begin(), sizes.end());
    CHECK(sizes[0] == 1);
    CHECK(sizes[5] == 1);
    CHECK(sizes[9] > 90);
}
