#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/energy/work/work.hpp"
#include "common/learning/model/kernels.hpp"

namespace fedgram::learning {

// Networks that aren't trained here: what they cost, by layers, so that a device profile can be held against
// measurements of them. They are counted by the rules of flops.hpp and kernels.hpp, and three more, which TorchScript
// models keep too:
//
// Batch normalization reads its input once more forward, for the statistics, and twice more backward; forward it
// launches a second kernel, for its count of batches. Adding a shortcut launches nothing backward. A depthwise
// convolution (one channel a group) moves 2 k^2 times its tensors' bytes, for its kernel of k by k: fitted to
// ShuffleNetV2 with batches of 1,024 on a V100, whose bandwidth it then meets.

/// One operation; FLOPs and bytes per sample, kernels per step.
struct Operation {
    std::string name;
    std::uint64_t forward_flops = 0;
    std::uint64_t backward_flops = 0;
    std::uint64_t forward_bytes = 0;
    std::uint64_t backward_bytes = 0;
    LayerKernels kernels{};
    std::uint64_t parameters = 0;
    std::uint32_t parameter_tensors = 0;
};

struct Network {
    std::string name;
    std::vector<Operation> operations;

    /// Of all operations.
    [[nodiscard]] Operation sum() const;
};

/// "resnet-8" (MLPerf Tiny's, CIFAR-10), "resnet-18", "resnet-50" and "resnet-152" (He et al. 2016, ImageNet,
/// 224 x 224), "densenet-121" (Huang et al. 2017), "vgg-16" (Simonyan and Zisserman 2015), "ssd-vgg" (SSD300 of Liu et
/// al. 2016 on VGG-16, the 21 classes of PASCAL VOC; boxes aren't decoded), "resnet-18-cifar" (the same with a stem for
/// 32 x 32), "shufflenet-v2" (Ma et al. 2018, with a stem for CIFAR-100), "ncf" (NeuMF of He et al. 2017: 32 factors, 3
/// layers, MovieLens-1M). Throws SpecError for another name, with these.
[[nodiscard]] Network network(std::string_view name);

/// The names that `network` takes.
[[nodiscard]] std::vector<std::string> network_names();

/// What an optimizer does with each parameter tensor, by operations that each are one kernel over the tensor.
enum class TensorOptimizer { sgd, momentum, adam, adamw, adadelta };

/// How many kernels it takes for its step: `per_tensor` runs each operation for each tensor, clears its gradient and
/// adds to it, as PyTorch did by default until 1.13; `multi_tensor` runs each once over all.
enum class OptimizerLaunches { per_tensor, multi_tensor };

/// One training step on `batch` samples. Each operation of the optimizer reads and writes as many bytes as there are
/// parameters; forward, backward and gradients pass over them once each.
[[nodiscard]] energy::Work step_work(const Network& network, std::uint64_t batch, TensorOptimizer optimizer,
                                     OptimizerLaunches launches);

/// One batch forward.
[[nodiscard]] energy::Work inference_work(const Network& network, std::uint64_t batch);

}  // namespace fedgram::learning
