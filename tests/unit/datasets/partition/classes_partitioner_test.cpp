#include "datasets/partition/classes_partitioner.hpp"

#include <catch2/catch.hpp>

#include <set>

#include "common/error/error.hpp"
#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using namespace fedgram::datasets::test;
using spec::PartitionKind;

namespace {

spec::Partition rule(std::uint32_t classes_per_node, std::optional<double> alpha = {})
{
    return {.kind = PartitionKind::classes, .classes_per_node = classes_per_node, .quantity_alpha = alpha};
}

}  // namespace

TEST_CASE("A node has as many classes as asked for, and each class as many nodes as any other, or one more",
          "[datasets]")
{
    const auto labels = balanced_labels(10, 120);
    for (const auto& [nodes, each] : {std::pair{10U, 2U}, std::pair{7U, 3U}, std::pair{40U, 1U}, std::pair{3U, 10U}})
        for (const auto& alpha : {std::optional<double>{}, std::optional{0.1}}) {
            CAPTURE(nodes, each, alpha.has_value());
            const auto shares = partition(labels, 10, nodes, rule(each, alpha), 5);
            std::vector<std::uint32_t> holders(10);
            std::vector<int> held(labels.size());
            for (const auto& share : shares) {
                std::set<std::uint8_t> classes;
                for (const auto sample : share) {
                    classes.insert(labels[sample]);
                    ++held.at(sample);
                }
                CHECK(classes.size() == each);
                for (const auto label : classes) ++holders[label];
            }
            CHECK(held == std::vector<int>(labels.size(), 1));
            const auto [least, most] = std::ranges::minmax(holders);
            CHECK(most - least <= 1);
        }
}

TEST_CASE("A class is spread evenly, or by a draw", "[datasets]")
{
    const auto labels = balanced_labels(2, 100);
    CHECK(sizes_of(partition(labels, 2, 4, rule(1), 1)) == std::vector<std::size_t>(4, 50));
    const auto sizes = sizes_of(partition(labels, 2, 4, rule(1, 0.1), 1));
    CHECK(std::ranges::max(sizes) > 60);
    CHECK(std::ranges::min(sizes) >= 1);
}

TEST_CASE("Classes that don't fit the nodes are refused with what would", "[datasets]")
{
    const auto labels = balanced_labels(10, 4);
    CHECK_THROWS_WITH(partition(labels, 10, 3, rule(2), 1),
                      Catch::Contains("2 classes for each of 3 nodes, of 10; use 4 to 10"));
    CHECK_THROWS_WITH(partition(labels, 10, 3, rule(11), 1), Catch::Contains("use 4 to 10"));
    CHECK_THROWS_WITH(partition(labels, 10, 30, rule(2), 1), Catch::Contains("has 4 samples for 6 nodes"));
}
