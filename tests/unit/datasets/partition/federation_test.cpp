#include "datasets/partition/federation.hpp"

#include <catch2/catch.hpp>

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

TEST_CASE("Only nodes that draw may be more than the samples", "[datasets]")
{
    const auto spec = experiment({});
    const auto shares = node_shares(
        data(), spec, {.nodes = 100'000, .partition = {.kind = PartitionKind::draws, .samples_per_node = 3}});
    CHECK(shares.nodes() == 100'000);
    CHECK(shares.samples(99'999).size() == 3);
    CHECK_THROWS_AS(node_shares(data(), spec, {.nodes = 100'000}), SpecError);
}
