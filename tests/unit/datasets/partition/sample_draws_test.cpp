#include "datasets/partition/sample_draws.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <numeric>

#include "common/error/error.hpp"
#include "datasets/partition/deal.hpp"
#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;

namespace {

SampleDraws draws(const std::vector<std::uint8_t>& labels, std::uint32_t classes, std::uint32_t per_node,
                  std::optional<double> alpha = {}, std::uint64_t seed = 1)
{
    return {all_indices(labels.size()),
            labels,
            classes,
            {.kind = spec::PartitionKind::draws, .samples_per_node = per_node, .mix_alpha = alpha},
            seed};
}

}  // namespace

TEST_CASE("A node draws as many samples as it is to have, none twice, and the same whenever it is asked", "[datasets]")
{
    const auto labels = balanced_labels(10, 30);
    for (const std::optional<double> alpha : {std::optional<double>{}, {0.1}, {100.0}})
        for (const std::uint32_t per_node : {1U, 7U, 30U}) {
            const auto drawn = draws(labels, 10, per_node, alpha);
            CHECK(drawn.samples_per_node() == per_node);
            for (const std::uint32_t node : {0U, 1U, 99'999U, 4'294'967'295U}) {
                CAPTURE(alpha, per_node, node);
                const auto samples = drawn.of(node);
                REQUIRE(samples.size() == per_node);
                CHECK(std::adjacent_find(samples.begin(), samples.end(), std::greater_equal{}) == samples.end());
                CHECK(samples.back() < labels.size());
                CHECK(samples == drawn.of(node));
            }
            if (per_node > 1) {
                CHECK(drawn.of(0) != drawn.of(1));
                CHECK(drawn.of(0) != draws(labels, 10, per_node, alpha, 2).of(0));
            }
        }
}

TEST_CASE("A node that draws all samples has each once", "[datasets]")
{
    CHECK(draws(balanced_labels(2, 6), 2, 12).of(5) == all_indices(12));
}

TEST_CASE("Without a mix every set of samples is equally likely", "[datasets]")
{
    const auto drawn = draws(balanced_labels(1, 4), 1, 2);
    std::map<std::vector<std::uint32_t>, int> counts;
    for (std::uint32_t node = 0; node < 6000; ++node) ++counts[drawn.of(node)];
    // 6 pairs of 4 samples: binomial with mean 1000, variance 6000 x 1/6 x 5/6 = 833; 5 sigma is 144.
    CHECK(counts.size() == 6);
    for (const auto& [pair, count] : counts) CHECK(count == Approx(1000).margin(144));
}

TEST_CASE("Nodes draw from the same samples, so that there may be more nodes than samples", "[datasets]")
{
    const auto drawn = draws(balanced_labels(10, 100), 10, 50);
    std::vector<int> holders(1000);
    for (std::uint32_t node = 0; node < 2000; ++node)
        for (const auto sample : drawn.of(node)) ++holders[sample];
    // Binomial: mean 2000 x 50 / 1000 = 100, variance 95; of 1000 samples none is further off than 5 sigma, 49.
    for (const auto count : holders) CHECK(count == Approx(100).margin(49));
}

TEST_CASE("A large alpha mixes a node's classes evenly, a small one leaves it with few", "[datasets]")
{
    const auto labels = balanced_labels(10, 1000);
    // Multinomial: mean 100, variance 90 and hardly more; 5 sigma is 47.
    for (const auto count : class_counts(draws(labels, 10, 1000, 1e6).of(3), labels, 10))
        CHECK(count == Approx(100).margin(48));
    const auto skewed = draws(labels, 10, 1000, 0.001);
    int of_one_class = 0;
    for (std::uint32_t node = 0; node < 100; ++node)
        of_one_class += std::ranges::count(class_counts(skewed.of(node), labels, 10), 1000U) == 1;
    CHECK(of_one_class > 90);
}

TEST_CASE("Over many nodes each class has its share of the draws, whatever the mixes", "[datasets]")
{
    const auto labels = balanced_labels(10, 100);
    const auto drawn = draws(labels, 10, 20, 0.5);
    std::vector<double> shares(10);
    for (std::uint32_t node = 0; node < 2000; ++node)
        for (const auto sample : drawn.of(node)) shares[labels[sample]] += 1.0 / (2000 * 20);
    // A node's share has the variance of Dirichlet(0.5 x 10), 0.1 x 0.9 / 6, and of 20 draws, 0.1 x 0.9 / 20 at most:
    // the mean over 2000 nodes has a deviation below 0.0032.
    for (const auto share : shares) CHECK(share == Approx(0.1).margin(0.016));
}

TEST_CASE("Classes without samples have no part in a mix", "[datasets]")
{
    auto labels = balanced_labels(2, 10);
    for (auto& label : labels) label = label == 0 ? 1 : 7;
    for (std::uint32_t node = 0; node < 20; ++node) CHECK(draws(labels, 10, 10, 1.0).of(node).size() == 10);
}

TEST_CASE("A node that would have to draw a sample twice is refused", "[datasets]")
{
    auto labels = balanced_labels(10, 6);
    labels.push_back(0);
    CHECK_NOTHROW(draws(labels, 10, 61));
    CHECK_THROWS_WITH(draws(labels, 10, 62),
                      "federated.partition.samples_per_node: 62 is more than the 61 training "
                      "samples, and a node draws none twice; use 1 to 61");
    CHECK_THROWS_WITH(draws(labels, 10, 7, 0.5),
                      Catch::Contains("the 6 samples of the smallest class") && Catch::Contains("use 1 to 6"));
    CHECK_THROWS_AS(draws(labels, 10, 7, 0.5), SpecError);
}

TEST_CASE("What a seed means for a node that draws stays as it is", "[datasets]")
{
    const auto labels = balanced_labels(10, 100);
    CHECK(draws(labels, 10, 5).of(12) == std::vector<std::uint32_t>{113, 122, 235, 529, 587});  // and by Python
    CHECK(draws(labels, 10, 5, 0.5).of(12) == std::vector<std::uint32_t>{462, 547, 601, 611, 954});
}
