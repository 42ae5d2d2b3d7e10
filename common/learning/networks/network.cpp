#include "common/learning/networks/network.hpp"

#include <array>

#include "common/error/error.hpp"
#include "common/learning/networks/network_builder.hpp"

namespace fedgram::learning {

namespace {

// Two convolutions of 3 x 3 and a shortcut.
Extent basic_block(NetworkBuilder& network, Extent in, std::uint64_t channels, std::uint64_t stride, bool bias)
{
    auto out = network.convolution_block(in, {.channels = channels, .kernel = 3, .stride = stride, .bias = bias});
    out = network.batch_norm(network.convolution(out, {.channels = channels, .kernel = 3, .bias = bias}));
    if (stride > 1 || in.channels != channels) {
        const auto shortcut =
            network.convolution(in, {.channels = channels, .kernel = 1, .stride = stride, .bias = bias});
        if (!bias) network.batch_norm(shortcut);
    }
    return network.elementwise("relu", network.add_shortcut(out));
}

// 1 x 1, 3 x 3, 1 x 1 to four times the channels.
Extent bottleneck_block(NetworkBuilder& network, Extent in, std::uint64_t channels, std::uint64_t stride)
{
    auto out = network.convolution_block(in, {.channels = channels, .kernel = 1});
    out = network.convolution_block(out, {.channels = channels, .kernel = 3, .stride = stride});
    out = network.batch_norm(network.convolution(out, {.channels = 4 * channels, .kernel = 1}));
    if (stride > 1 || in.channels != out.channels)
        network.batch_norm(network.convolution(in, {.channels = out.channels, .kernel = 1, .stride = stride}));
    return network.elementwise("relu", network.add_shortcut(out));
}

Extent imagenet_stem(NetworkBuilder& network)
{
    const auto out = network.convolution_block({3, 224}, {.channels = 64, .kernel = 7, .stride = 2});
    return network.pool(out, out.side / 2);
}

Network resnet_18(NetworkBuilder network, Extent at, std::uint64_t classes)
{
    for (const std::uint64_t channels : {64U, 128U, 256U, 512U})
        for (const bool first : {true, false})
            at = basic_block(network, at, channels, first && channels > 64 ? 2 : 1, false);
    network.linear(network.pool(at, 1), classes);
    return network.take();
}

Network resnet_18_imagenet()
{
    NetworkBuilder network{"resnet-18"};
    const auto stem = imagenet_stem(network);
    return resnet_18(std::move(network), stem, 1000);
}

Network resnet_18_cifar()
{
    NetworkBuilder network{"resnet-18-cifar"};
    const auto stem = network.convolution_block({3, 32}, {.channels = 64, .kernel = 3});
    return resnet_18(std::move(network), stem, 10);
}

// Of bottlenecks, so many in each of four stages.
Network deep_resnet(const std::string& name, std::array<int, 4> blocks_of_stages)
{
    NetworkBuilder network{name};
    auto at = imagenet_stem(network);
    std::uint64_t channels = 64;
    for (const int blocks : blocks_of_stages) {
        for (int block = 0; block < blocks; ++block)
            at = bottleneck_block(network, at, channels, block == 0 && channels > 64 ? 2 : 1);
        channels *= 2;
    }
    network.linear(network.pool(at, 1), 1000);
    return network.take();
}

Network resnet_50() { return deep_resnet("resnet-50", {3, 4, 6, 3}); }
Network resnet_152() { return deep_resnet("resnet-152", {3, 8, 36, 3}); }

// Normalization and ReLU come before each convolution. A layer adds 32 channels to those of all layers before it.
Network densenet_121()
{
    constexpr std::uint64_t growth = 32;
    NetworkBuilder network{"densenet-121"};
    auto at = imagenet_stem(network);
    const auto convolution = [&](Extent in, std::uint64_t channels, std::uint64_t kernel) {
        return network.convolution(network.elementwise("relu", network.batch_norm(in)),
                                   {.channels = channels, .kernel = kernel});
    };
    for (const int layers : {6, 12, 24, 16}) {
        for (int layer = 0; layer < layers; ++layer) {
            convolution(convolution(at, 4 * growth, 1), growth, 3);
            at.channels += growth;
            network.copy("concatenation", at);
        }
        if (layers != 16) {
            at = convolution(at, at.channels / 2, 1);
            at = network.pool(at, at.side / 2);
        }
    }
    at = network.elementwise("relu", network.batch_norm(at));
    network.linear(network.pool(at, 1), 1000);
    return network.take();
}

// Convolutions of 3 x 3 with a bias and a ReLU.
Extent vgg_block(NetworkBuilder& network, Extent at, std::uint64_t channels, int convolutions)
{
    for (int i = 0; i < convolutions; ++i)
        at = network.elementwise("relu", network.convolution(at, {.channels = channels, .kernel = 3, .bias = true}));
    return at;
}

Network vgg_16()
{
    NetworkBuilder network{"vgg-16"};
    Extent at{3, 224};
    struct Block {
        std::uint64_t channels;
        int convolutions;
    };
    for (const auto [channels, convolutions] :
         {Block{64, 2}, Block{128, 2}, Block{256, 3}, Block{512, 3}, Block{512, 3}}) {
        at = vgg_block(network, at, channels, convolutions);
        at = network.pool(at, at.side / 2);
    }
    for (int layer = 0; layer < 2; ++layer)
        at = network.elementwise("dropout", network.elementwise("relu", network.linear(at, 4096)));
    network.linear(at, 1000);
    return network.take();
}

// SSD300 with VGG-16, whose linear layers are convolutions here, for 20 classes and the background.
Network ssd_vgg()
{
    constexpr std::uint64_t classes = 21;
    NetworkBuilder network{"ssd-vgg"};
    const auto rectified = [&](Extent in, std::uint64_t channels, std::uint64_t kernel, std::uint64_t side) {
        return network.elementwise(
            "relu", network.convolution(in, {.channels = channels, .kernel = kernel, .bias = true, .out_side = side}));
    };
    // Places and classes of so many boxes at each pixel.
    const auto heads = [&](Extent at, std::uint64_t boxes) {
        for (const auto channels : {4 * boxes, classes * boxes})
            network.convolution(at, {.channels = channels, .kernel = 3, .bias = true});
    };
    Extent at{3, 300};
    at = vgg_block(network, at, 64, 2);
    at = vgg_block(network, network.pool(at, 150), 128, 2);
    at = vgg_block(network, network.pool(at, 75), 256, 3);
    at = vgg_block(network, network.pool(at, 38), 512, 3);
    heads(network.channel_scale(at), 4);
    at = vgg_block(network, network.pool(at, 19), 512, 3);
    at = rectified(network.pool(at, 19), 1024, 3, 19);  // dilated
    at = rectified(at, 1024, 1, 19);
    heads(at, 6);
    struct Extra {
        std::uint64_t channels;
        std::uint64_t side;
        std::uint64_t boxes;
    };
    for (const auto [channels, side, boxes] :
         {Extra{512, 10, 6}, Extra{256, 5, 6}, Extra{256, 3, 4}, Extra{256, 1, 4}}) {
        at = rectified(rectified(at, channels / 2, 1, at.side), channels, 3, side);
        heads(at, boxes);
    }
    return network.take();
}

Network resnet_8()
{
    NetworkBuilder network{"resnet-8"};
    auto at = network.convolution_block({3, 32}, {.channels = 16, .kernel = 3, .bias = true});
    for (const std::uint64_t channels : {16U, 32U, 64U})
        at = basic_block(network, at, channels, channels > 16 ? 2 : 1, true);
    network.linear(network.pool(at, 1), 10);
    return network.take();
}

// A unit of ShuffleNetV2 splits the channels, works on one half and shuffles both; one with a stride works on all of
// them twice.
Extent shuffle_unit(NetworkBuilder& network, Extent in, std::uint64_t channels, bool strided)
{
    const auto half = channels / 2;
    const auto branch = strided ? in : Extent{half, in.side};
    const auto depthwise = [&](Extent at) {
        return network.batch_norm(network.convolution(
            at,
            {.channels = at.channels, .kernel = 3, .stride = strided ? 2U : 1U, .groups = at.channels, .bias = true}));
    };
    const auto pointwise = [&](Extent at, std::uint64_t out) {
        return network.convolution_block(at, {.channels = out, .kernel = 1, .bias = true});
    };
    auto out = pointwise(depthwise(pointwise(branch, branch.channels)), half);
    if (strided) pointwise(depthwise(in), half);
    out.channels = channels;
    return network.copy("shuffle", network.copy("concatenation", out));
}

Network shufflenet_v2()
{
    NetworkBuilder network{"shufflenet-v2"};
    auto at = network.convolution_block({3, 32}, {.channels = 24, .kernel = 3, .bias = true});
    struct Stage {
        std::uint64_t channels;
        int units;
    };
    for (const auto [channels, units] : {Stage{116, 4}, Stage{232, 8}, Stage{464, 4}})
        for (int unit = 0; unit < units; ++unit) at = shuffle_unit(network, at, channels, unit == 0);
    at = network.convolution_block(at, {.channels = 1024, .kernel = 1, .bias = true});
    network.linear(network.pool(at, 1), 100);
    return network.take();
}

Network ncf()
{
    constexpr std::uint64_t users = 6'040;
    constexpr std::uint64_t films = 3'706;
    constexpr std::uint64_t factors = 32;
    constexpr std::uint64_t width = 4 * factors;  // of a table of the three layers
    NetworkBuilder network{"ncf"};
    for (const auto rows : {users, films}) {
        network.embedding(rows, factors);
        network.embedding(rows, width);
    }
    network.elementwise("product", {factors, 1});
    auto at = network.copy("concatenation", {2 * width, 1});
    for (int layer = 0; layer < 3; ++layer)
        at = network.elementwise("relu", network.linear(network.elementwise("dropout", at), at.channels / 2));
    network.linear(network.copy("concatenation", {2 * factors, 1}), 1);
    return network.take();
}

struct Named {
    std::string_view name;
    Network (*build)();
};

constexpr std::array<Named, 10> networks{{{"densenet-121", densenet_121},
                                          {"ncf", ncf},
                                          {"resnet-8", resnet_8},
                                          {"resnet-18", resnet_18_imagenet},
                                          {"resnet-18-cifar", resnet_18_cifar},
                                          {"resnet-50", resnet_50},
                                          {"resnet-152", resnet_152},
                                          {"shufflenet-v2", shufflenet_v2},
                                          {"ssd-vgg", ssd_vgg},
                                          {"vgg-16", vgg_16}}};

// Kernels over a tensor for one step of PyTorch's: a product, a sum, a root.
std::uint64_t operations(TensorOptimizer optimizer)
{
    switch (optimizer) {
        case TensorOptimizer::sgd:
            return 1;
        case TensorOptimizer::momentum:
            return 3;
        case TensorOptimizer::adam:
            return 8;
        case TensorOptimizer::adamw:
        case TensorOptimizer::adadelta:
            return 9;
    }
    return 0;  // unreachable: all are above
}

}  // namespace

std::vector<std::string> network_names()
{
    std::vector<std::string> names;
    for (const auto& each : networks) names.emplace_back(each.name);
    return names;
}

Operation Network::sum() const
{
    Operation sum;
    sum.name = name;
    for (const auto& each : operations) {
        sum.forward_flops += each.forward_flops;
        sum.backward_flops += each.backward_flops;
        sum.forward_bytes += each.forward_bytes;
        sum.backward_bytes += each.backward_bytes;
        sum.kernels.forward += each.kernels.forward;
        sum.kernels.backward += each.kernels.backward;
        sum.parameters += each.parameters;
        sum.parameter_tensors += each.parameter_tensors;
    }
    return sum;
}

Network network(std::string_view name)
{
    std::string known;
    for (const auto& [known_name, build] : networks) {
        if (known_name == name) return build();
        known += (known.empty() ? "" : ", ") + std::string{known_name};
    }
    throw SpecError{"\"" + std::string{name} + "\" is no network whose cost is known; use one of " + known};
}

energy::Work step_work(const Network& network, std::uint64_t batch, TensorOptimizer optimizer,
                       OptimizerLaunches launches)
{
    const auto model = network.sum();
    const auto kernels = operations(optimizer);
    constexpr std::uint64_t clear_and_add = 2;
    energy::Work work;
    work.samples = batch;
    work.steps = 1;
    work.flops = batch * (model.forward_flops + model.backward_flops);
    work.memory_bytes =
        batch * (model.forward_bytes + model.backward_bytes) + (3 + 2 * kernels) * model.parameters * sizeof(float);
    work.kernels =
        batch_kernels + model.kernels.forward + model.kernels.backward + 2 * loss_kernels +
        (launches == OptimizerLaunches::multi_tensor ? kernels : model.parameter_tensors * (kernels + clear_and_add));
    return work;
}

energy::Work inference_work(const Network& network, std::uint64_t batch)
{
    const auto model = network.sum();
    energy::Work work;
    work.samples = batch;
    work.steps = 1;
    work.flops = batch * model.forward_flops;
    work.memory_bytes = batch * model.forward_bytes + model.parameters * sizeof(float);
    work.kernels = forward_kernels(model.kernels);
    return work;
}

}  // namespace fedgram::learning
