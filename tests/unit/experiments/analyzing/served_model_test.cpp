#include "experiments/analyzing/served_model.hpp"

#include <algorithm>
#include <tuple>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::experiments;
using energy::Arithmetic;

TEST_CASE("A model by its costs is served in each kind of number", "[analyzing]")
{
    const auto model = model_by_costs("small-cnn", {Arithmetic::fp32, Arithmetic::fp16, Arithmetic::int8});
    REQUIRE(model.variants.size() == 3);
    const auto& [single, half, byte] = std::tie(model.variants[0], model.variants[1], model.variants[2]);
    CHECK(single.variant.name == "fp32");
    CHECK(single.demand.macs == 2'436'096 / 2);
    CHECK(half.demand.macs == single.demand.macs);
    CHECK(half.demand.weight_bytes * 2 == single.demand.weight_bytes);
    CHECK(byte.demand.activation_bytes * 4 == single.demand.activation_bytes);
    CHECK(byte.variant.number_type == "int8");
    CHECK_FALSE(single.variant.accuracy);
    CHECK(single.memory(3).activation_bytes == 3 * single.demand.peak_activation_bytes);
}

TEST_CASE("What is computed with the layer ahead of it moves no activations", "[analyzing]")
{
    // 784 in, 32 out; ReLU; 32 in, 10 out.
    const auto mlp = model_by_costs("mlp-32", {Arithmetic::fp32}).variants.front().demand;
    CHECK(mlp.activation_bytes == 4 * (784 + 32 + 32 + 10));
}

TEST_CASE("Networks that aren't trained here are served by their costs", "[analyzing]")
{
    for (const std::string name : {"resnet-50", "resnet-152", "densenet-121", "vgg-16", "ssd-vgg"}) {
        INFO(name);
        const auto demand = model_by_costs(name, {Arithmetic::fp32}).variants.front().demand;
        CHECK(demand.macs > 2'000'000'000);
        CHECK(demand.peak_activation_bytes < demand.activation_bytes);
    }
    CHECK(model_by_costs("resnet-50", {Arithmetic::int8}).variants.front().demand.macs == 4'089'184'256);
}

TEST_CASE("What is no model is refused with the known ones, each once", "[analyzing]")
{
    CHECK_THROWS_WITH(model_by_costs("resnet-51", {Arithmetic::fp32}),
                      Catch::Matchers::StartsWith("\"resnet-51\" is neither the folder of a run nor a model; did you "
                                                  "mean resnet-50"));
    const auto names = names_with_costs();
    CHECK(std::ranges::count(names, "resnet-8") == 1);
}
