#include "common/learning/pruning/channel_step.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "common/learning/model/normalization.hpp"

namespace fedgram::learning {

namespace {

struct ConstantBehind {
    double operator()(const Activation& activation) const { return activation.of(constant); }
    double operator()(const ChannelNorm& norm) const
    {
        const double deviation = std::sqrt(double{parameters[norm.variances + channel]} + normalization_epsilon);
        return (constant - parameters[norm.means + channel]) / deviation * parameters[norm.weights + channel] +
               parameters[norm.biases + channel];
    }
    double operator()(const ChannelConvolution& convolution) const
    {
        const auto weights = parameters.subspan(convolution.weights + channel * convolution.window, convolution.window);
        const double bias = convolution.biases ? parameters[*convolution.biases + channel] : 0;
        return constant * std::accumulate(weights.begin(), weights.end(), 0.0) + bias;
    }

    std::uint32_t channel;
    double constant;
    std::span<const float> parameters;
};

struct ZeroChannel {
    void operator()(const Activation&) const {}
    void operator()(const ChannelNorm& norm) const
    {
        parameters[norm.weights + channel] = 0;
        parameters[norm.biases + channel] = 0;
    }
    void operator()(const ChannelConvolution& convolution) const
    {
        std::ranges::fill(parameters.subspan(convolution.weights + channel * convolution.window, convolution.window),
                          0.0F);
        if (convolution.biases) parameters[*convolution.biases + channel] = 0;
    }

    std::uint32_t channel;
    std::span<float> parameters;
};

}  // namespace

double constant_behind(const ChannelStep& step, std::uint32_t channel, double constant,
                       std::span<const float> parameters)
{
    return std::visit(ConstantBehind{channel, constant, parameters}, step);
}

void zero_channel(const ChannelStep& step, std::uint32_t channel, std::span<float> parameters)
{
    std::visit(ZeroChannel{channel, parameters}, step);
}

}  // namespace fedgram::learning
