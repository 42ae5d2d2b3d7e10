#include "common/learning/factorization/factor_cost.hpp"

#include <algorithm>

namespace fedgram::learning {

namespace {

// The largest whole number whose product with `each` is below `limit`.
std::uint64_t most_below(std::uint64_t limit, std::uint64_t each) { return limit == 0 ? 0 : (limit - 1) / each; }

}  // namespace

FactorCost linear_cost(std::uint64_t inputs, std::uint64_t outputs) { return {inputs * outputs, inputs * outputs}; }

FactorCost factored_linear_cost(std::uint64_t inputs, std::uint64_t outputs, std::uint64_t rank)
{
    return {rank * (inputs + outputs), rank * (inputs + outputs)};
}

FactorCost convolution_cost(const ConvolutionExtent& extent)
{
    const auto weights = extent.inputs * extent.outputs * extent.kernel * extent.kernel;
    return {weights, weights * extent.pixels_out};
}

FactorCost factored_convolution_cost(const ConvolutionExtent& extent, ChannelRanks ranks)
{
    const auto first = extent.inputs * ranks.inputs;
    const auto core = std::uint64_t{ranks.inputs} * ranks.outputs * extent.kernel * extent.kernel;
    const auto last = ranks.outputs * extent.outputs;
    return {first + core + last, first * extent.pixels_in + (core + last) * extent.pixels_out};
}

FactorCost separable_convolution_cost(const ConvolutionExtent& extent)
{
    const auto weights = extent.inputs * (extent.kernel * extent.kernel + extent.outputs);
    return {weights, weights * extent.pixels_out};
}

std::uint64_t highest_paying_rank(std::uint64_t inputs, std::uint64_t outputs)
{
    return most_below(inputs * outputs, inputs + outputs);
}

std::uint64_t highest_paying_input_rank(const ConvolutionExtent& extent, std::uint64_t output_rank)
{
    const auto whole = convolution_cost(extent);
    const auto last = output_rank * extent.outputs;
    const auto core_each = output_rank * extent.kernel * extent.kernel;
    if (last >= whole.weights) return 0;
    const auto by_weights = most_below(whole.weights - last, extent.inputs + core_each);
    const auto by_macs = most_below(whole.macs - last * extent.pixels_out,
                                    extent.inputs * extent.pixels_in + core_each * extent.pixels_out);
    return std::min({by_weights, by_macs, extent.inputs});
}

}  // namespace fedgram::learning
