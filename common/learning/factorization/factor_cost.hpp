#pragma once

#include <cstdint>

#include "common/learning/factorization/factors.hpp"

namespace fedgram::learning {

/// A layer's weights, without biases, and multiply-accumulates of one sample.
struct FactorCost {
    std::uint64_t weights = 0;
    std::uint64_t macs = 0;

    friend bool operator==(const FactorCost&, const FactorCost&) = default;
};

/// A convolution's shape, and how many pixels go in and come out.
struct ConvolutionExtent {
    std::uint64_t inputs = 0;   ///< channels
    std::uint64_t outputs = 0;  ///< channels
    std::uint64_t kernel = 0;
    std::uint64_t pixels_in = 0;
    std::uint64_t pixels_out = 0;
};

/// inputs x outputs, each once a sample.
[[nodiscard]] FactorCost linear_cost(std::uint64_t inputs, std::uint64_t outputs);
/// rank (inputs + outputs).
[[nodiscard]] FactorCost factored_linear_cost(std::uint64_t inputs, std::uint64_t outputs, std::uint64_t rank);

/// inputs x outputs x kernel^2, each once a pixel that comes out.
[[nodiscard]] FactorCost convolution_cost(const ConvolutionExtent& extent);
/// inputs r1 + r1 r2 kernel^2 + r2 outputs; the first part once a pixel that goes in.
[[nodiscard]] FactorCost factored_convolution_cost(const ConvolutionExtent& extent, ChannelRanks ranks);

/// inputs (kernel^2 + outputs), each once a pixel that comes out: 1/outputs + 1/kernel^2 of the convolution's.
[[nodiscard]] FactorCost separable_convolution_cost(const ConvolutionExtent& extent);

/// The highest rank below the break-even, inputs x outputs / (inputs + outputs): one more would save nothing. 0 where
/// no rank pays.
[[nodiscard]] std::uint64_t highest_paying_rank(std::uint64_t inputs, std::uint64_t outputs);
/// The highest rank of the inputs that saves both weights and multiply-accumulates beside this rank of the outputs; 0
/// where none does.
[[nodiscard]] std::uint64_t highest_paying_input_rank(const ConvolutionExtent& extent, std::uint64_t output_rank);

}  // namespace fedgram::learning
