#include "datasets/partition/shard_partitioner.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;

namespace {

std::size_t classes_held(const std::vector<std::uint32_t>& counts)
{
    return counts.size() - static_cast<std::size_t>(std::count(counts.begin(), counts.end(), 0U));
}

}  // namespace

TEST_CASE("Two shards a node, as in the FedAvg paper, leave a node two classes at most", "[datasets]")
{
    // 60,000 samples, 100 nodes, 200 shards of 300: 20 whole shards a class.
    const auto labels = balanced_labels(10, 6000);
    Stream stream{1, Purpose::partition};
    for (const auto& share : shard_partition(labels, 10, 100, 2, stream)) {
        CHECK(share.size() == 600);
        const auto counts = class_counts(share, labels, 10);
        CHECK(classes_held(counts) <= 2);
        for (const auto count : counts) CHECK(count % 300 == 0);
    }
}

TEST_CASE("One shard a node and as many nodes as classes give each node one whole class", "[datasets]")
{
    const auto labels = balanced_labels(4, 5);
    Stream stream{1, Purpose::partition};
    for (const auto& share : shard_partition(labels, 4, 4, 1, stream)) {
        CHECK(share.size() == 5);
        CHECK(classes_held(class_counts(share, labels, 4)) == 1);
    }
}

TEST_CASE("More shards than samples are an error that says how many would do", "[datasets]")
{
    const auto labels = balanced_labels(2, 10);
    Stream stream{1, Purpose::partition};
    CHECK_THROWS_AS(shard_partition(labels, 2, 4, 6, stream), SpecError);
    CHECK_THROWS_WITH(shard_partition(labels, 2, 4, 6, stream), Catch::Contains("use at most 5"));
}
