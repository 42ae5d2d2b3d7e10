#include "common/learning/networks/network.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"

using namespace fedgram;
using namespace fedgram::learning;

TEST_CASE("Parameters and multiply-accumulates are those that the networks are known for")
{
    const auto cost = [](const char* name) { return network(name).sum(); };
    // torchvision's tables: ResNet-18 and ResNet-50 on 224 x 224.
    CHECK(cost("resnet-18").parameters == 11'689'512);
    CHECK(cost("resnet-18").forward_flops / 2 == 1'814'073'344);
    CHECK(cost("resnet-50").parameters == 25'557'032);
    CHECK(cost("resnet-50").forward_flops / 2 == 4'089'184'256);
    CHECK(cost("resnet-152").parameters == 60'192'808);
    CHECK(cost("resnet-152").forward_flops / 2 == 11'513'626'624);  // 11.5 GMAC
    CHECK(cost("densenet-121").parameters == 7'978'856);
    CHECK(cost("densenet-121").forward_flops / 2 == 2'834'161'664);  // 2.83 GMAC
    CHECK(cost("vgg-16").parameters == 138'357'544);
    CHECK(cost("vgg-16").forward_flops / 2 == 15'470'264'320);  // 15.47 GMAC
    // Open Model Zoo's ssd300: 26.285 M parameters, 62.815 GFLOP.
    CHECK(cost("ssd-vgg").parameters == 26'285'486);
    CHECK(static_cast<double>(cost("ssd-vgg").forward_flops) == Approx(62.815e9).epsilon(2e-3));
    // The stem for 32 x 32: 11,173,962 parameters and 0.56 GMAC are quoted everywhere.
    CHECK(cost("resnet-18-cifar").parameters == 11'173'962);
    CHECK(cost("resnet-18-cifar").forward_flops / 2 == 555'422'720);
    // MLPerf Tiny's reference model: 78,666 parameters with its batch normalization, 12.5 M multiply-accumulates.
    CHECK(cost("resnet-8").forward_flops / 2 == 12'501'632);
    CHECK(cost("resnet-8").parameters + 2 * 240 == 78'666);  // with running means and variances of its 240 channels
    // NeuMF: (6,040 + 3,706) x (32 + 128) of the tables, 256-128-64-32 and 64-1 with their biases.
    CHECK(cost("ncf").parameters == 9'746 * 160 + (256 * 128 + 128) + (128 * 64 + 64) + (64 * 32 + 32) + (64 + 1));
}

TEST_CASE("Backward costs a forward for each gradient, and none for the pixels'")
{
    const auto resnet = network("resnet-50");
    const auto& stem = resnet.operations.front();
    CHECK(stem.forward_flops == 2ULL * 64 * 3 * 7 * 7 * 112 * 112);
    CHECK(stem.backward_flops == stem.forward_flops);
    CHECK(stem.kernels.forward == 1);
    CHECK(stem.kernels.backward == 1);
    const auto sum = resnet.sum();
    CHECK(sum.backward_flops == 2 * sum.forward_flops - stem.forward_flops);
    CHECK(sum.parameter_tensors == 161);  // 53 convolutions, 2 for each of 53 batch normalizations, 2 of the classifier
}

TEST_CASE("A depthwise convolution moves 2 k^2 times its tensors' bytes")
{
    const auto shuffle = network("shufflenet-v2");
    const auto found = std::find_if(shuffle.operations.begin(), shuffle.operations.end(),
                                    [](const auto& each) { return each.name == "depthwise convolution"; });
    REQUIRE(found != shuffle.operations.end());
    // 24 channels of 32 x 32 to 16 x 16.
    CHECK(found->forward_flops == 2ULL * 24 * 9 * 16 * 16);
    CHECK(found->forward_bytes == 18ULL * 4 * (24 * 32 * 32 + 24 * 16 * 16));
}

TEST_CASE("A step launches an optimizer's kernels for each tensor, or once for all")
{
    const auto resnet = network("resnet-50");
    const auto each = step_work(resnet, 8, TensorOptimizer::adadelta, OptimizerLaunches::per_tensor);
    const auto once = step_work(resnet, 8, TensorOptimizer::adadelta, OptimizerLaunches::multi_tensor);
    CHECK(each.kernels - once.kernels == 161 * (9 + 2) - 9);
    CHECK(each.flops == 8 * (resnet.sum().forward_flops + resnet.sum().backward_flops));
    CHECK(each.memory_bytes == once.memory_bytes);
    CHECK(each.samples == 8);
    CHECK(each.steps == 1);
    // Twice the batch: twice the arithmetic, the same kernels.
    const auto twice = step_work(resnet, 16, TensorOptimizer::adadelta, OptimizerLaunches::per_tensor);
    CHECK(twice.flops == 2 * each.flops);
    CHECK(twice.kernels == each.kernels);
    // The parameters' bytes don't depend on the batch: 3 passes and 2 for each of 9 operations.
    CHECK(2 * each.memory_bytes - twice.memory_bytes == 21ULL * 4 * resnet.sum().parameters);
}

TEST_CASE("An inference is the forward pass")
{
    const auto resnet = network("resnet-8");
    const auto work = inference_work(resnet, 1);
    CHECK(work.flops == 2ULL * 12'501'632);
    CHECK(work.kernels == 2 + resnet.sum().kernels.forward);
}

TEST_CASE("An unknown network is answered with the known ones")
{
    CHECK_THROWS_WITH(network("vgg"),
                      "\"vgg\" is no network whose cost is known; use one of densenet-121, ncf, resnet-8, "
                      "resnet-18, resnet-18-cifar, resnet-50, resnet-152, shufflenet-v2, ssd-vgg, vgg-16");
}
