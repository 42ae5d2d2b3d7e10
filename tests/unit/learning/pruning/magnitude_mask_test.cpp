#include "common/learning/pruning/magnitude_mask.hpp"

#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/pruning/density.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

/// For each entry a weight of two rows with a bias behind it.
ParameterTable table_of(const std::vector<std::size_t>& weights)
{
    ParameterTable table;
    const auto add = [&](std::string name, std::vector<std::int64_t> shape, std::size_t size) {
        table.slots.push_back({.name = std::move(name), .shape = std::move(shape), .offset = table.size, .size = size});
        table.size += size;
    };
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto name = "fc" + std::to_string(i + 1);
        add(name + ".weight", {1, static_cast<std::int64_t>(weights[i])}, weights[i]);
        add(name + ".bias", {1}, 1);
    }
    return table;
}

std::vector<std::size_t> dropped(const Mask& mask)
{
    std::vector<std::size_t> indices;
    for (std::size_t i = 0; i < mask.size(); ++i)
        if (!mask.keeps(i)) indices.push_back(i);
    return indices;
}

using Indices = std::vector<std::size_t>;
constexpr auto per_layer = PruningScope::layer;
constexpr auto global = PruningScope::global;

/// Of one tensor of so many weights, all different.
std::size_t dropped_of(std::size_t weights, double fraction)
{
    const auto table = table_of({weights});
    std::vector<float> parameters(table.size);
    std::iota(parameters.begin(), parameters.end(), 1.0F);
    return dropped(further_pruned(table, parameters, Mask{table}, fraction, per_layer)).size();
}

}  // namespace

TEST_CASE("a fifth twice leaves 64 %, a target of 40 % leaves 60 %", "[pruning]")
{
    const auto table = table_of({100});
    std::vector<float> parameters(table.size);
    std::iota(parameters.begin(), parameters.end(), 1.0F);
    const auto once = further_pruned(table, parameters, Mask{table}, .2, per_layer);
    const auto twice = further_pruned(table, parameters, once, .2, per_layer);
    CHECK(total(densities(table, once)).kept == 80);
    CHECK(total(densities(table, twice)).kept == 64);
    CHECK(total(densities(table, twice)).sparsity() == Approx(.36));
    CHECK(total(densities(table, pruned_to(table, parameters, once, .4, per_layer))).kept == 60);
}

TEST_CASE("the smallest magnitudes go, and of equal ones the last", "[pruning]")
{
    const auto table = table_of({6});
    const std::vector<float> parameters{-3, .5F, -.5F, 2, .5F, -.25F, 0};
    const auto pruned = [&](double fraction) {
        return dropped(further_pruned(table, parameters, Mask{table}, fraction, per_layer));
    };
    CHECK(pruned(0).empty());
    CHECK(pruned(1. / 6) == Indices{5});
    CHECK(pruned(2. / 6) == Indices{4, 5});
    CHECK(pruned(3. / 6) == Indices{2, 4, 5});
    CHECK(pruned(4. / 6) == Indices{1, 2, 4, 5});
}

TEST_CASE("shares are rounded to the nearest count, halves to the even one", "[pruning]")
{
    CHECK(dropped_of(5, .5) == 2);    // 2.5
    CHECK(dropped_of(7, .5) == 4);    // 3.5
    CHECK(dropped_of(10, .25) == 2);  // 2.5
    CHECK(dropped_of(10, .26) == 3);
    CHECK(dropped_of(10, .04) == 0);
}

TEST_CASE("no tensor becomes empty", "[pruning]")
{
    CHECK(dropped_of(10, .99) == 9);
    CHECK(dropped_of(1, .99) == 0);
    // The first tensor's weights are the smallest six of twelve; its largest, the first of equal ones, stays, and the
    // second tensor's smallest goes instead.
    const auto table = table_of({6, 6});
    const std::vector<float> parameters{.1F, .3F, .2F, .3F, .1F, .2F, 9, 5, 4, 6, 7, 8, 9, 0};
    const auto mask = further_pruned(table, parameters, Mask{table}, .5, global);
    CHECK(dropped(mask) == Indices{0, 2, 3, 4, 5, 8});
    CHECK(dropped(further_pruned(table, parameters, mask, .99, global)) == Indices{0, 2, 3, 4, 5, 7, 8, 9, 10, 11});
}

TEST_CASE("in one ranking the model loses the share, by layer each tensor does", "[pruning]")
{
    const auto table = table_of({4, 8});
    const std::vector<float> parameters{10, 20, 30, 40, 0, 1, 2, 3, 4, 5, 6, 7, 8, 0};
    CHECK(dropped(pruned_to(table, parameters, Mask{table}, .5, per_layer)) == Indices{0, 1, 5, 6, 7, 8});
    CHECK(dropped(pruned_to(table, parameters, Mask{table}, .5, global)) == Indices{5, 6, 7, 8, 9, 10});
}

TEST_CASE("what is masked stays so, and a lower target changes nothing", "[pruning]")
{
    const auto table = table_of({4});
    Mask present{table};
    present.drop(3);  // the largest
    present.drop(2);
    const std::vector<float> parameters{1, 2, 3, 4, 0};
    CHECK(dropped(pruned_to(table, parameters, present, .75, per_layer)) == Indices{0, 2, 3});
    CHECK(dropped(pruned_to(table, parameters, present, .25, per_layer)) == Indices{2, 3});
    for (const std::size_t i : {0U, 1U}) present.drop(i);
    CHECK(further_pruned(table, parameters, present, .5, per_layer) == present);
}

TEST_CASE("biases and buffers are always kept", "[pruning]")
{
    auto table = table_of({4});
    table.slots.push_back(
        {.name = "bn1.running", .shape = {2, 2}, .offset = table.size, .size = 4, .is_trained = false});
    table.size += 4;
    const std::vector<float> parameters{1, 2, 3, 4, 0, 0, 0, 0, 0};
    CHECK(dropped(pruned_to(table, parameters, Mask{table}, .99, global)) == Indices{0, 1, 2});
    CHECK_FALSE(is_prunable(table.slots[1]));
    CHECK_FALSE(is_prunable(table.slots[2]));
}

TEST_CASE("random masks have exact counts, and what goes is no larger than what stays", "[pruning]")
{
    Stream random{3, Purpose::probe};
    for (int trial = 0; trial < 100; ++trial) {
        const auto table = table_of({1 + random.below(60), 1 + random.below(60)});
        std::vector<float> parameters(table.size);
        for (auto& value : parameters) value = static_cast<float>(random.below(9)) - 4;  // many are equal
        const double sparsity = random.uniform();
        const auto mask = pruned_to(table, parameters, Mask{table}, sparsity, global);
        const auto weights = table.size - 2;
        const auto wanted = static_cast<std::uint64_t>(std::nearbyint(sparsity * static_cast<double>(weights)));
        REQUIRE(dropped(mask).size() == std::min<std::uint64_t>(wanted, weights - 2));
        for (const auto& slot : table.slots) {
            if (!is_prunable(slot)) continue;
            float largest_gone = 0;
            float smallest_kept = 9;
            for (auto i = slot.offset; i < slot.offset + slot.size; ++i)
                if (mask.keeps(i))
                    smallest_kept = std::min(smallest_kept, std::abs(parameters[i]));
                else
                    largest_gone = std::max(largest_gone, std::abs(parameters[i]));
            REQUIRE(largest_gone <= smallest_kept);
            REQUIRE(smallest_kept < 9);  // one at least is kept
        }
    }
}

TEST_CASE("shares that leave nothing, and weights without a magnitude, are refused by name", "[pruning]")
{
    const auto table = table_of({2, 3});
    std::vector<float> parameters{1, 2, 3, 4, 5, 6, 7};
    const auto to = [&](double sparsity) { return pruned_to(table, parameters, Mask{table}, sparsity, global); };
    const auto further = [&](double part) { return further_pruned(table, parameters, Mask{table}, part, per_layer); };
    CHECK_THROWS_AS(to(1), SpecError);
    CHECK_THROWS_WITH(to(1), "sparsity: 1 is no share of weights that can go; use a number from 0 to below 1");
    CHECK_THROWS_WITH(further(-.1),
                      "fraction: -0.1 is no share of weights that can go; use a number from 0 to below 1");
    CHECK_THROWS_WITH(to(std::nan("")), Catch::StartsWith("sparsity: nan is no share"));
    parameters[5] = std::numeric_limits<float>::infinity();
    CHECK_THROWS_AS(to(.5), DataError);
    CHECK_THROWS_WITH(to(.5),
                      "fc2.weight[2]: inf has no rank among magnitudes; prune a model whose weights are finite");
    CHECK_THROWS_WITH(further(.5), Catch::StartsWith("fc2.weight[2]: inf"));
}
