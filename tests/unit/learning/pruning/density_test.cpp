#include "common/learning/pruning/density.hpp"

#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "common/learning/model/model.hpp"
#include "common/learning/pruning/magnitude_mask.hpp"

using namespace fedgram::learning;

namespace {

Model two_layers()
{
    using namespace fedgram::spec;
    return build_model({.name = "two", .layers = {Flatten{}, Linear{5}, Relu{}, Linear{4}}, .torchscript = {}},
                       {1, 2, 2, 4});
}

}  // namespace

TEST_CASE("an applied mask leaves +0, whatever was there", "[pruning]")
{
    const auto table = two_layers().parameters;
    Mask mask{table};
    std::vector<float> values(table.size, -1.0F);
    values[1] = std::numeric_limits<float>::quiet_NaN();
    values[2] = std::numeric_limits<float>::infinity();
    for (const std::size_t i : {0U, 1U, 2U}) mask.drop(i);
    mask.apply(values);
    for (const std::size_t i : {0U, 1U, 2U}) {
        CHECK(values[i] == 0);
        CHECK_FALSE(std::signbit(values[i]));
    }
    CHECK(values[3] == -1);
}

TEST_CASE("density is told by tensor and in all, and biases have none", "[pruning]")
{
    const auto model = two_layers();  // weights 5 x 4 and 4 x 5
    Mask mask{model.parameters};
    for (std::size_t i = 0; i < 15; ++i) mask.drop(i);
    const auto by_slot = densities(model.parameters, mask);
    REQUIRE(by_slot.size() == 2);
    CHECK(by_slot[0].name == "fc1.weight");
    CHECK(by_slot[0].density() == .25);
    CHECK(by_slot[0].sparsity() == .75);
    CHECK(by_slot[1].density() == 1);
    const auto all = total(by_slot);
    CHECK(all.name == "all");
    CHECK(all.weights == 40);
    CHECK(all.kept == 25);
    std::vector<float> parameters(model.parameters.size, 1.0F);
    mask.apply(parameters);
    CHECK(total(densities(model.parameters, parameters)).kept == 25);
    CHECK(total({}).density() == 1);
}

TEST_CASE("a mean of models with different masks has the masks' union, until one mask is applied", "[pruning]")
{
    const auto model = two_layers();
    const auto& table = model.parameters;
    auto one = initial_parameters(model, 1);
    auto other = initial_parameters(model, 2);
    const auto mask = pruned_to(table, one, Mask{table}, .75, PruningScope::layer);
    const auto other_mask = pruned_to(table, other, Mask{table}, .75, PruningScope::layer);
    mask.apply(one);
    other_mask.apply(other);
    std::uint64_t both = 0;
    for (const auto& slot : table.slots)
        for (auto i = slot.offset; is_prunable(slot) && i < slot.offset + slot.size; ++i)
            both += mask.keeps(i) && other_mask.keeps(i) ? 1 : 0;
    std::vector<float> mean(table.size);
    for (std::size_t i = 0; i < mean.size(); ++i) mean[i] = (one[i] + other[i]) / 2;
    CHECK(total(densities(table, one)).kept == 10);
    CHECK(total(densities(table, mean)).kept == 20 - both);
    REQUIRE(both < 10);
    mask.apply(mean);
    CHECK(total(densities(table, mean)).kept <= 10);
}

TEST_CASE("momentum revives a pruned weight, and the mask ends that", "[pruning]")
{
    const auto model = two_layers();
    const auto& table = model.parameters;
    auto parameters = initial_parameters(model, 1);
    const auto mask = pruned_to(table, parameters, Mask{table}, .5, PruningScope::global);
    mask.apply(parameters);
    const std::vector<float> momentum(table.size, .125F);  // from before the mask
    for (std::size_t i = 0; i < table.size; ++i) parameters[i] -= momentum[i];
    CHECK(total(densities(table, parameters)).sparsity() == 0);
    mask.apply(parameters);
    CHECK(total(densities(table, parameters)).sparsity() == .5);
}
