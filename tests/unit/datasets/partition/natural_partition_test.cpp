#include "datasets/partition/natural_partition.hpp"

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "datasets/partition/federation.hpp"

using namespace fedgram;
using namespace fedgram::datasets;

namespace {

// Seven samples of four owners; owner 2 comes before 1.
Dataset data()
{
    Dataset described;
    described.name = "diary";
    described.height = described.width = 1;
    described.classes = 2;
    OwnedSplit train{{1, 2, 3, 4, 5, 6, 7}, {0, 1, 0, 1, 0, 1, 0}, {}, {0, 2, 0, 1, 1, 1, 3}};
    return with_samples(described, train, train);
}

}  // namespace

TEST_CASE("By nature a node holds what is its own, the first owners first", "[datasets]")
{
    spec::Experiment experiment;
    const auto shares = [&](std::uint32_t nodes) {
        return node_shares(data(), experiment, {.nodes = nodes, .partition = {.kind = spec::PartitionKind::natural}});
    };
    CHECK(shares(4).samples(0) == std::vector<std::uint32_t>{0, 2});
    CHECK(shares(4).samples(1) == std::vector<std::uint32_t>{3, 4, 5});
    CHECK(shares(2).nodes() == 2);
    CHECK_THROWS_WITH(shares(5), Catch::Contains("5 nodes; the training samples of diary have 4 owners; use 1 to 4"));

    auto nobodys = data();
    nobodys.train.nodes = {};
    CHECK_THROWS_WITH(
        node_shares(nobodys, experiment, {.nodes = 1, .partition = {.kind = spec::PartitionKind::natural}}),
        Catch::Contains("diary doesn't"));
}

TEST_CASE("An owner without a sample in the subset is no node", "[datasets]")
{
    const std::vector<std::uint32_t> some{1, 6};
    CHECK(natural_partition(data(), some, 2) == Shares{{1}, {6}});
    CHECK_THROWS_AS(natural_partition(data(), some, 3), SpecError);
}
