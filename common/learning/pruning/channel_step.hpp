#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace fedgram::learning {

struct Activation {
    double (*of)(double) = nullptr;
};

/// A batch normalization, as it evaluates: by its running averages. Each is where the first channel's lies in the flat
/// array.
struct ChannelNorm {
    std::string name;  ///< "bn1"
    std::size_t weights = 0;
    std::size_t biases = 0;
    std::size_t means = 0;
    std::size_t variances = 0;
};

/// A depthwise convolution.
struct ChannelConvolution {
    std::string name;         ///< "conv2"
    std::size_t weights = 0;  ///< where the first channel's lie in the flat array
    std::size_t window = 0;   ///< weights of one channel
    std::optional<std::size_t> biases{};
    bool pads = false;  ///< puts zeros around its input
};

/// What channels go through on their way from one layer of filters to the next, each by itself.
using ChannelStep = std::variant<Activation, ChannelNorm, ChannelConvolution>;

/// What becomes of a channel that is this constant everywhere. Where a convolution pads, its border gets less of one
/// that isn't 0, which the caller must see to.
[[nodiscard]] double constant_behind(const ChannelStep& step, std::uint32_t channel, double constant,
                                     std::span<const float> parameters);

/// Sets the channel's weights and biases to 0, so that it is 0 behind the step.
void zero_channel(const ChannelStep& step, std::uint32_t channel, std::span<float> parameters);

}  // namespace fedgram::learning
