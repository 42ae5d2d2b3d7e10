#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/learning/factorization/decomposition.hpp"

namespace fedgram::learning {

/// A linear layer as two, with nothing between them: second x first is nearest to its weights among all matrices of
/// that rank (Eckart and Young 1936). Each has the root of the singular values, so that both learn at one pace.
struct LinearFactors {
    std::vector<float> first;   ///< [rank, inputs]
    std::vector<float> second;  ///< [outputs, rank]
};

/// Of `decomposition`, that of the weights [outputs, inputs]. `rank` is 1 to min(outputs, inputs).
[[nodiscard]] LinearFactors linear_factors(const Decomposition& decomposition, std::size_t rank);

/// A convolution's weights: [outputs, inputs, kernel, kernel].
struct Kernel4d {
    std::size_t outputs = 0;
    std::size_t inputs = 0;
    std::size_t kernel = 0;
    std::span<const float> values;
};

/// How many channels are left between a convolution's factors.
struct ChannelRanks {
    std::uint32_t inputs = 0;
    std::uint32_t outputs = 0;

    friend bool operator==(const ChannelRanks&, const ChannelRanks&) = default;
};

/// The two ways in which a convolution's weights are a matrix with a channel in each row.
struct ChannelModes {
    Decomposition outputs;  ///< of the rows [outputs] by [inputs, kernel, kernel]
    Decomposition inputs;   ///< of the rows [inputs] by [outputs, kernel, kernel]
};

[[nodiscard]] ChannelModes channel_modes(const Kernel4d& weights);

/// A convolution as three with nothing between them (Tucker-2: Kim et al. 2016, arXiv:1511.06530).
struct ConvolutionFactors {
    std::vector<float> first;  ///< [inputs' rank, inputs, 1, 1]
    std::vector<float> core;   ///< [outputs' rank, inputs' rank, kernel, kernel]
    std::vector<float> last;   ///< [outputs, outputs' rank, 1, 1]
};

/// By the higher-order SVD (De Lathauwer et al. 2000): both modes are projected onto their largest singular vectors.
/// The square of the error is at most the sum of the dropped squares of both modes, so at most twice the least
/// possible. Each rank is 1 to the number of its channels, and of the columns beside them.
[[nodiscard]] ConvolutionFactors tucker_factors(const Kernel4d& weights, const ChannelModes& modes, ChannelRanks ranks);

/// A convolution as two with nothing between them: a depthwise one, and one of 1x1 (MobileNet's, Howard et al. 2017,
/// arXiv:1704.04861).
struct SeparableFactors {
    std::vector<float> depthwise;  ///< [inputs, 1, kernel, kernel]
    std::vector<float> pointwise;  ///< [outputs, inputs, 1, 1]
    double kept_energy = 1;        ///< share of the singular values' squares, of all channels together
};

/// Each input channel's weights, [outputs] by [kernel, kernel], by their largest singular value and its vectors: no two
/// such convolutions are nearer (Eckart and Young 1936, channel by channel). Each has the value's root.
[[nodiscard]] SeparableFactors separable_factors(const Kernel4d& weights);

}  // namespace fedgram::learning
