#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/spec/layer.hpp"

namespace fedgram::learning {

/// The layers of a built-in model whose last layer gives `classes` logits; nothing for an unknown name. Parameter
/// counts below are for 28 x 28 grey images and 10 classes. `at_width` makes them narrower or wider.
///
/// - `small-cnn` (206,922): 3x3 convolutions with 16 and 32 channels, FC 128: 90 % on Fashion-MNIST at little cost.
/// - `mcmahan-cnn` (1,663,370): the CNN of the FedAvg paper (McMahan et al. 2017, arXiv:1602.05629, section 3).
/// - `lenet5` (61,706): LeNet-5 (LeCun et al. 1998) with ReLU and max-pooling.
/// - `mlp` (199,210): two hidden layers of 200, the FedAvg paper's 2NN.
/// - `workload-a-cnn` (582,026): as mcmahan-cnn with valid padding.
/// - `mlp-32` (25,450): one hidden layer of 32.
///
/// The next take any image; counts include the running means and variances of their batch normalizations.
/// - `resnet-8` (78,378; 78,666 with three channels): MLPerf Tiny's image classification (Banbury et al. 2021,
///   arXiv:2106.07597).
/// - `ds-cnn` (22,794): MLPerf Tiny's keyword spotting (Zhang et al. 2017, arXiv:1711.07128) for images: its first
///   convolution, of 10 x 4 over a spectrogram, is one of 3 x 3, also with a stride of 2. The rest is the same.
/// - `mobilenet-v1-025` (223,706; 221,794 with three channels and two classes): MLPerf Tiny's visual wake words,
///   MobileNetV1 (Howard et al. 2017, arXiv:1704.04861) at a quarter of its width, whose convolutions have biases.
/// - `resnet-18-gn` (11,172,810; 11,173,962 with three channels): ResNet-18 with a stem for 32 x 32 and group
///   normalization in two groups (Hsieh et al. 2020, arXiv:1910.00189; Reddi et al. 2021, arXiv:2003.00295), which has
///   no statistics to federate.
[[nodiscard]] std::optional<std::vector<spec::Layer>> builtin_layers(std::string_view name, std::uint32_t classes = 10);

/// The names that `builtin_layers` takes, in the order above.
[[nodiscard]] std::vector<std::string> builtin_model_names();

}  // namespace fedgram::learning
