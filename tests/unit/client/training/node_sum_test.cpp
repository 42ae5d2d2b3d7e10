#include "client/training/node_sum.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "common/learning/updates/partial_sum.hpp"

using namespace fedgram;
using namespace fedgram::client;

namespace {

struct Fixture {
    std::shared_ptr<Demand> demand = std::make_shared<Demand>();
    std::shared_ptr<const std::vector<float>> global = std::make_shared<const std::vector<float>>(2, 1.0f);
    NodeSum sum;

    [[nodiscard]] Job job(std::uint32_t node, std::uint32_t round = 1) const
    {
        return {.demand = demand, .task = {0, round, node}, .global = global, .sums_within = 10};
    }
    static NodeResult result(std::vector<float> parameters, std::uint64_t samples)
    {
        return {.parameters = std::move(parameters), .samples = samples, .samples_seen = samples, .steps = 1};
    }
};

std::vector<float> mean_of(const SummedUpdates& updates)
{
    learning::ExactSum sum{2};
    sum.add(learning::PartialSum::read(updates.words, 2).value());
    return sum.over(updates.samples);
}

}  // namespace

TEST_CASE("A client's sum names its nodes and their samples", "[client]")
{
    Fixture f;
    CHECK_FALSE(f.sum.is_of(f.job(7)));
    CHECK(f.sum.add(f.job(7), f.result({2, 4}, 1)));
    CHECK(f.sum.is_of(f.job(3)));
    CHECK(f.sum.add(f.job(3), f.result({6, 0}, 3)));
    const auto taken = f.sum.take({});
    CHECK(taken.demand == f.demand);
    CHECK(taken.round == 1);
    CHECK(taken.nodes == std::vector<std::uint32_t>{3, 7});
    CHECK(taken.samples == 4);
    CHECK(mean_of(taken) == std::vector<float>{5, 1});  // (2 + 3 x 6) / 4, (4 + 0) / 4
    CHECK_FALSE(f.sum.is_of(f.job(3)));

    CHECK(f.sum.add(f.job(1), f.result({2, 3}, 5)));
    CHECK(mean_of(f.sum.take({})) == std::vector<float>{2, 3});
}

TEST_CASE("An update that the coordinator would refuse stays out of the sum", "[client]")
{
    Fixture f;
    CHECK(f.sum.add(f.job(0), f.result({2, 2}, 1)));
    CHECK_FALSE(f.sum.add(f.job(1), f.result({std::nanf(""), 2}, 1)));
    CHECK_FALSE(f.sum.add(f.job(2), f.result({std::numeric_limits<float>::infinity(), 2}, 1)));
    CHECK_FALSE(f.sum.add(f.job(3), f.result({12, 1}, 1)));  // 11 from the model
    auto lost = f.result({2, 2}, 1);
    lost.mean_loss = std::nan("");
    CHECK_FALSE(f.sum.add(f.job(4), lost));
    CHECK(f.sum.take({}).nodes == std::vector<std::uint32_t>{0});
}

TEST_CASE("Updates of a round that is over are not in the next round's sum", "[client]")
{
    Fixture f;
    CHECK(f.sum.add(f.job(0), f.result({2, 2}, 1)));
    CHECK_FALSE(f.sum.is_of(f.job(0, 2)));
    CHECK(f.sum.add(f.job(1, 2), f.result({3, 3}, 1)));
    const auto taken = f.sum.take({});
    CHECK(taken.round == 2);
    CHECK(taken.nodes == std::vector<std::uint32_t>{1});
    CHECK(mean_of(taken) == std::vector<float>{3, 3});
}
