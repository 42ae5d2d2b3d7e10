#include "experiments/commands/operator_table.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::experiments;
using Catch::Matchers::Contains;
using Catch::Matchers::Equals;
using learning::ItemizedCost;

namespace {

// 24 FLOPs forward and 48 backward by one product, and a ReLU.
ItemizedCost known()
{
    return {15,
            {{"aten::linear", 1, learning::ModelCost{24, 48, 28, 40, {1, 3}}, 24},
             {"aten::relu", 1, learning::ModelCost{0, 0, 24, 36, {1, 1}}, 0}}};
}

ItemizedCost with_unknown()
{
    auto cost = known();
    cost.operators.push_back({"aten::linalg_inv_ex in aten::inverse", 2, std::nullopt, std::nullopt});
    return cost;
}

}  // namespace

TEST_CASE("A TorchScript model is shown by operator, beside LibTorch's count", "[experiments]")
{
    CHECK_THAT(operator_text(known()),
               Equals("operator      calls  forward FLOPs  LibTorch's count  backward FLOPs  kernels\n"
                      "aten::linear      1             24                24              48    1 + 3\n"
                      "aten::relu        1              0                 0               0    1 + 1\n"
                      "in all                          24                24              48    2 + 4\n"
                      "15 parameters. LibTorch's own count is the same.\n"
                      "With its batch, loss and optimizer a training step launches 13 kernels by SGD, 15 with "
                      "momentum, 20 by Adam.\n"));
    const auto json = operator_json(known());
    CHECK(json["forward_flops_per_sample"] == 24);
    CHECK(json["libtorch_forward_flops_per_sample"] == 24);
    CHECK(json["operators"][0]["name"] == "aten::linear");
    CHECK(json["operators"][0]["backward_kernels_per_step"] == 3);
}

TEST_CASE("An operator that isn't known makes the whole model unknown", "[experiments]")
{
    CHECK_THAT(operator_text(with_unknown()),
               Contains("aten::linalg_inv_ex in aten::inverse      2        unknown              none         unknown  "
                        "unknown\n") &&
                   Contains("in all                                             unknown              none         "
                            "unknown  unknown\n") &&
                   Contains("LibTorch's own count is the same where it has one.\nA run refuses this model, for want of "
                            "a rule for aten::linalg_inv_ex in aten::inverse (2 calls).\n"));
    const auto json = operator_json(with_unknown());
    CHECK(json["forward_flops_per_sample"].is_null());
    CHECK(json["training_step_kernels"].is_null());
    CHECK(json["operators"][2]["calls"] == 2);
    CHECK(json["operators"][2]["backward_flops_per_sample"].is_null());
    CHECK(json["operators"][0]["forward_flops_per_sample"] == 24);
}

TEST_CASE("Where LibTorch counts otherwise, the operator is named", "[experiments]")
{
    auto cost = known();
    cost.operators[0].check = 30;
    CHECK_THAT(operator_text(cost), Contains("LibTorch's own count differs for aten::linear: one of both is wrong.\n"));
}
