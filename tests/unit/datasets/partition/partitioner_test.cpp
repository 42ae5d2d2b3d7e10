#include "datasets/partition/partitioner.hpp"

#include <catch2/catch.hpp>

#include <numeric>

#include "common/error/error.hpp"
#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
using spec::PartitionKind;

namespace {

const std::vector<spec::Partition> rules{
    {.kind = PartitionKind::iid},
    {.kind = PartitionKind::dirichlet, .alpha = 0.001},
    {.kind = PartitionKind::dirichlet, .alpha = 0.5},
    {.kind = PartitionKind::dirichlet, .alpha = 1000},
    {.kind = PartitionKind::shards, .shards_per_node = 2},
    {.kind = PartitionKind::quantity_skew, .alpha = 0.001},
    {.kind = PartitionKind::quantity_skew, .alpha = 0.5},
    {.kind = PartitionKind::iid_fraction, .iid_fraction = 0},
    {.kind = PartitionKind::iid_fraction, .iid_fraction = 0.37},
    {.kind = PartitionKind::iid_fraction, .iid_fraction = 1},
};

}  // namespace

TEST_CASE("Every partitioner gives each sample to exactly one node and no node nothing", "[datasets]")
{
    for (std::size_t r = 0; r < rules.size(); ++r)
        for (const std::uint32_t nodes : {1U, 2U, 7U, 40U})
            for (const std::uint64_t seed : {1U, 2U, 3U}) {
                CAPTURE(r, nodes, seed);
                const auto labels = balanced_labels(5, 17);  // 85 samples: nothing divides evenly
                const auto shares = partition(labels, 5, nodes, rules[r], seed);
                REQUIRE(shares.size() == nodes);
                std::vector<int> holders(labels.size());
                for (const auto& share : shares) {
                    CHECK(!share.empty());
                    CHECK(std::is_sorted(share.begin(), share.end()));
                    for (const auto sample : share) ++holders.at(sample);
                }
                CHECK(holders == std::vector<int>(labels.size(), 1));
            }
}

TEST_CASE("A seed names one partition, another seed another", "[datasets]")
{
    const auto labels = balanced_labels(10, 100);
    for (std::size_t r = 0; r < rules.size(); ++r) {
        CAPTURE(r);
        CHECK(partition(labels, 10, 10, rules[r], 1) == partition(labels, 10, 10, rules[r], 1));
        CHECK(partition(labels, 10, 10, rules[r], 1) != partition(labels, 10, 10, rules[r], 2));
    }
}

TEST_CASE("As many nodes as samples get one each", "[datasets]")
{
    const auto labels = balanced_labels(5, 4);
    for (const auto& rule : rules)
        if (rule.kind != PartitionKind::shards)
            CHECK(sizes_of(partition(labels, 5, 20, rule, 1)) == std::vector<std::size_t>(20, 1));
}

TEST_CASE("More nodes than samples, or none, are an error that says how many would do", "[datasets]")
{
    const auto labels = balanced_labels(5, 4);
    for (const auto& rule : rules) {
        CHECK_THROWS_AS(partition(labels, 5, 21, rule, 1), SpecError);
        CHECK_THROWS_WITH(partition(labels, 5, 0, rule, 1), Catch::Contains("use 1 to 20"));
    }
}

TEST_CASE("IID shares have equal sizes and nearly the same mix of classes", "[datasets]")
{
    const auto labels = balanced_labels(10, 6000);
    const auto shares = partition(labels, 10, 10, {.kind = PartitionKind::iid}, 1);
    CHECK(sizes_of(shares) == std::vector<std::size_t>(10, 6000));
    // A class count is hypergeometric: mean 600, variance 6000 x 0.1 x 0.9 x 54000 / 59999 = 486, so 5 sigma is 110.
    for (const auto& share : shares)
        for (const auto count : class_counts(share, labels, 10)) CHECK(count == Approx(600).margin(110));
    CHECK(sizes_of(partition(balanced_labels(1, 11), 1, 4, {.kind = PartitionKind::iid}, 1)) ==
          std::vector<std::size_t>{3, 3, 3, 2});
}
