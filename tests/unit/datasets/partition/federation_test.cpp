#include "datasets/partition/federation.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <iterator>

#include "common/error/error.hpp"
#include "tests/unit/datasets/partition/share_statistics.hpp"

using namespace fedgram;
using namespace fedgram::datasets;
using spec::PartitionKind;

namespace {

/// 40 training samples of 4 classes, one pixel each.
Dataset data()
{
    return with_samples({.name = "small", .height = 1, .width = 1, .classes = 4},
                        {std::vector<std::uint8_t>(40), test::balanced_labels(4, 10)}, {{0}, {0}});
}

spec::Experiment experiment(std::optional<std::uint32_t> train_samples)
{
    spec::Experiment experiment;
    experiment.data.train_samples = train_samples;
    return experiment;
}

}  // namespace

TEST_CASE("Nodes hold samples of the subset alone, dealt out or drawn", "[datasets]")
{
    const auto spec = experiment(20);
    const auto allowed = training_indices(data(), spec);
    for (const spec::Partition& rule : {spec::Partition{.kind = PartitionKind::iid},
                                        {.kind = PartitionKind::draws, .samples_per_node = 4},
                                        {.kind = PartitionKind::draws, .samples_per_node = 4, .mix_alpha = 1}}) {
        const auto shares = node_shares(data(), spec, {.nodes = 5, .partition = rule});
        CHECK(shares.nodes() == 5);
        for (std::uint32_t node = 0; node < 5; ++node) {
            CHECK(shares.size(node) == 4);
            CHECK(shares.samples(node).size() == 4);
            CHECK(std::ranges::includes(allowed, shares.samples(node)));
        }
    }
}

TEST_CASE("A validation split keeps the classes' shares, and nothing trains on it", "[datasets]")
{
    auto spec = experiment(20);
    const auto all = training_indices(data(), spec);
    spec.data.validation_share = 0.2;
    const auto validation = validation_indices(data(), spec);
    const auto training = training_indices(data(), spec);
    REQUIRE(validation.size() == 4);
    std::vector<std::uint32_t> both;
    std::ranges::merge(validation, training, std::back_inserter(both));
    CHECK(both == all);
    std::vector<int> classes(4);
    for (const auto index : validation) ++classes[data().train.labels[index]];
    CHECK(classes == std::vector<int>{1, 1, 1, 1});
    CHECK(raw_data_bytes(data(), spec) == 20 * 2);  // a pixel and a label: the data centre validates, too
    const auto shares = node_shares(data(), spec, {.nodes = 4});
    CHECK(shares.size(0) == 4);

    spec.seed = 2;
    CHECK(validation_indices(data(), spec) != validation);
    spec.data.validation_share = 0.01;
    CHECK_THROWS_WITH(training_indices(data(), spec),
                      "data.validation_share: 0.01 of 20 training samples is 0; use a share that leaves some to "
                      "validate and some to train on");
}

TEST_CASE("Only nodes that draw may be more than the samples", "[datasets]")
{
    const auto spec = experiment({});
    const auto shares = node_shares(
        data(), spec, {.nodes = 100'000, .partition = {.kind = PartitionKind::draws, .samples_per_node = 3}});
    CHECK(shares.nodes() == 100'000);
    CHECK(shares.samples(99'999).size() == 3);
    CHECK_THROWS_AS(node_shares(data(), spec, {.nodes = 100'000}), SpecError);
}

TEST_CASE("A node's own test set is a draw of what it holds, which it doesn't train on", "[datasets]")
{
    const auto spec = experiment({});
    for (const spec::Partition& rule :
         {spec::Partition{.kind = PartitionKind::iid}, {.kind = PartitionKind::draws, .samples_per_node = 8}}) {
        const auto whole = node_shares(data(), spec, {.nodes = 5, .partition = rule});
        const auto shares = node_shares(data(), spec, {.nodes = 5, .partition = rule, .node_test_share = 0.3});
        for (std::uint32_t node = 0; node < 5; ++node) {
            const auto trains = shares.samples(node), tests = shares.test_samples(node);
            CHECK(tests.size() == 2);  // 0.3 of 8
            CHECK(shares.size(node) == 6);
            CHECK(std::ranges::is_sorted(trains));
            CHECK(std::ranges::is_sorted(tests));
            std::vector<std::uint32_t> all;
            std::ranges::merge(trains, tests, std::back_inserter(all));
            CHECK(all == whole.samples(node));
            CHECK(whole.test_samples(node).empty());
        }
    }
}

TEST_CASE("A node keeps a sample to train on and one to test on where it has two, and none to test on of one",
          "[datasets]")
{
    const NodeShares few{Shares{{0}, {1, 2}, {3, 4, 5}}, {.share = 0.01}};
    CHECK(few.size(0) == 1);
    CHECK(few.test_samples(0).empty());
    CHECK(few.size(1) == 1);
    CHECK(few.test_samples(1).size() == 1);
    const NodeShares most{Shares{{0}, {1, 2}, {3, 4, 5}}, {.share = 0.99}};
    CHECK(most.size(2) == 1);
    CHECK(most.test_samples(2).size() == 2);
}
