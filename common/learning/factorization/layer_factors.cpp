#include "common/learning/factorization/layer_factors.hpp"

#include <algorithm>
#include <cmath>

#include "common/error/error.hpp"
#include "common/learning/factorization/decomposition.hpp"
#include "common/learning/factorization/factors.hpp"

namespace fedgram::learning {

namespace {

[[noreturn]] void refuse(const std::string& layer, const std::string& text)
{
    throw SpecError{"factorization of " + layer + ": " + text};
}

void require_rank(const std::string& layer, const std::string& what, std::uint64_t rank, std::uint64_t most)
{
    if (rank == 0 || rank > most)
        refuse(layer, what + " " + std::to_string(rank) + " is not valid; use 1 to " + std::to_string(most));
}

void require_pays(const std::string& layer, std::uint64_t rank, std::uint64_t inputs, std::uint64_t outputs)
{
    require_rank(layer, "rank", rank, std::min(inputs, outputs));
    const auto most = highest_paying_rank(inputs, outputs);
    if (rank <= most) return;
    const auto in = std::to_string(inputs);
    const auto out = std::to_string(outputs);
    refuse(layer, "rank " + std::to_string(rank) + " saves nothing, as it is not below the break-even, " + in + " x " +
                      out + " / (" + in + " + " + out + "); " +
                      (most == 0 ? "leave the layer whole" : "use 1 to " + std::to_string(most)));
}

void require_pays(const std::string& layer, ChannelRanks ranks, const ConvolutionExtent& extent)
{
    const auto window = extent.kernel * extent.kernel;
    require_rank(layer, "rank of the inputs", ranks.inputs, std::min(extent.inputs, extent.outputs * window));
    require_rank(layer, "rank of the outputs", ranks.outputs, std::min(extent.outputs, extent.inputs * window));
    const auto most = highest_paying_input_rank(extent, ranks.outputs);
    if (ranks.inputs <= most) return;
    const auto outputs = std::to_string(ranks.outputs);
    refuse(layer, "ranks " + std::to_string(ranks.inputs) + " and " + outputs +
                      " save nothing, as they are not below the break-even in weights and in multiply-accumulates; " +
                      (most == 0 ? "use a lower rank of the outputs, or leave the layer whole"
                                 : "with rank " + outputs + " of the outputs, use 1 to " + std::to_string(most) +
                                       " of the inputs"));
}

void require_fraction(const std::string& layer, double fraction)
{
    if (!(fraction > 0 && fraction <= 1))
        refuse(layer, "kept energy " + std::to_string(fraction) + " is not valid; use a number above 0 to 1");
}

void require_separable(const std::string& layer, const ConvolutionExtent& extent)
{
    if (extent.kernel == 1)
        refuse(layer, "its kernel of 1 x 1 has no places to be separated; give ranks, or leave the layer whole");
    if (separable_convolution_cost(extent).weights >= convolution_cost(extent).weights)
        refuse(layer, "a depthwise and a 1 x 1 convolution for " + std::to_string(extent.outputs) +
                          " output channel save nothing; leave the layer whole");
}

void require_finite(const std::string& layer, std::span<const float> weights)
{
    if (!std::ranges::all_of(weights, [](float weight) { return std::isfinite(weight); }))
        refuse(layer, "its weights aren't finite, so they have no factors; train it anew");
}

// Weights and a bias of so many zeros.
void append(std::vector<float>& parameters, std::span<const float> weights, std::size_t zeros)
{
    parameters.insert(parameters.end(), weights.begin(), weights.end());
    parameters.resize(parameters.size() + zeros);
}

void append(std::vector<float>& parameters, std::span<const float> weights, std::span<const float> bias)
{
    append(parameters, weights, 0);
    append(parameters, bias, 0);
}

std::uint64_t pixels_of(const std::vector<std::int64_t>& shape)
{
    return static_cast<std::uint64_t>(shape[1]) * static_cast<std::uint64_t>(shape[2]);
}

LayerFactors factors_of_linear(const spec::Linear& linear, const std::string& name, std::span<const float> parameters,
                               std::uint64_t inputs, const FactorSize& size)
{
    if (std::holds_alternative<ChannelRanks>(size))
        refuse(name, "a linear layer has one rank, and no ranks of channels; give one");
    if (std::holds_alternative<Separable>(size))
        refuse(name, "a linear layer has no kernel to be separated; give a rank");
    const std::uint64_t outputs = linear.features;
    const auto* stated = std::get_if<LinearRank>(&size);
    if (stated != nullptr) require_pays(name, stated->rank, inputs, outputs);
    const auto* kept = std::get_if<KeptEnergy>(&size);
    if (kept != nullptr) require_fraction(name, kept->fraction);

    const auto weights = parameters.first(inputs * outputs);
    const auto bias = parameters.subspan(weights.size());
    require_finite(name, weights);
    const auto decomposition = decompose({outputs, inputs, {weights.begin(), weights.end()}});
    const auto rank =
        stated != nullptr ? std::size_t{stated->rank} : rank_of_energy(decomposition.values, kept->fraction);
    require_pays(name, rank, inputs, outputs);

    const auto factors = linear_factors(decomposition, rank);
    const auto features = static_cast<std::uint32_t>(rank);
    LayerFactors result;
    result.layers = {spec::Linear{features}, linear};
    append(result.parameters, factors.first, rank);
    append(result.parameters, factors.second, bias);
    result.ranks = {features};
    result.before = linear_cost(inputs, outputs);
    result.after = factored_linear_cost(inputs, outputs, rank);
    result.kept_energy = kept_energy(decomposition.values, rank);
    return result;
}

/// A factor of 1 x 1.
spec::Conv2d pointwise(std::uint32_t channels, const spec::Conv2d& whole)
{
    return {.channels = channels, .kernel = 1, .bias = whole.bias};
}

/// The last factor, which gives the layer's own channels.
spec::Conv2d last_factor(const spec::Conv2d& whole)
{
    auto last = pointwise(whole.channels, whole);
    last.base_channels = whole.base_channels;
    return last;
}

LayerFactors tucker(const spec::Conv2d& convolution, const std::string& name, const Kernel4d& kernel,
                    std::span<const float> bias, const ConvolutionExtent& extent, const FactorSize& size)
{
    const auto modes = channel_modes(kernel);
    const auto rank_of = [&](const Decomposition& mode) {
        return static_cast<std::uint32_t>(rank_of_energy(mode.values, std::get<KeptEnergy>(size).fraction));
    };
    const auto* stated = std::get_if<ChannelRanks>(&size);
    const auto ranks = stated != nullptr ? *stated : ChannelRanks{rank_of(modes.inputs), rank_of(modes.outputs)};
    require_pays(name, ranks, extent);

    const auto factors = tucker_factors(kernel, modes, ranks);
    auto core = convolution;
    core.channels = ranks.outputs;
    core.base_channels = 0;
    LayerFactors result;
    result.layers = {pointwise(ranks.inputs, convolution), core, last_factor(convolution)};
    append(result.parameters, factors.first, convolution.bias ? ranks.inputs : 0);
    append(result.parameters, factors.core, convolution.bias ? ranks.outputs : 0);
    append(result.parameters, factors.last, bias);
    result.ranks = {ranks.inputs, ranks.outputs};
    result.after = factored_convolution_cost(extent, ranks);
    result.kept_energy =
        std::min(kept_energy(modes.inputs.values, ranks.inputs), kept_energy(modes.outputs.values, ranks.outputs));
    return result;
}

LayerFactors separable(const spec::Conv2d& convolution, const Kernel4d& kernel, std::span<const float> bias,
                       const ConvolutionExtent& extent)
{
    const auto inputs = static_cast<std::uint32_t>(extent.inputs);
    const auto factors = separable_factors(kernel);
    auto depthwise = convolution;
    depthwise.channels = inputs;
    depthwise.base_channels = 0;
    depthwise.groups = inputs;
    depthwise.bias = false;
    LayerFactors result;
    result.layers = {depthwise, last_factor(convolution)};
    append(result.parameters, factors.depthwise, 0);
    append(result.parameters, factors.pointwise, bias);
    result.after = separable_convolution_cost(extent);
    result.kept_energy = factors.kept_energy;
    return result;
}

LayerFactors factors_of_convolution(const spec::Conv2d& convolution, const std::string& name,
                                    std::span<const float> parameters, const ConvolutionExtent& extent,
                                    const FactorSize& size)
{
    if (convolution.groups != 1) refuse(name, "only a convolution of one group is taken apart; leave it whole");
    if (std::holds_alternative<LinearRank>(size))
        refuse(name, "a convolution has a rank of its inputs and one of its outputs; give both");
    if (const auto* stated = std::get_if<ChannelRanks>(&size)) require_pays(name, *stated, extent);
    if (const auto* kept = std::get_if<KeptEnergy>(&size)) require_fraction(name, kept->fraction);
    const bool is_separable = std::holds_alternative<Separable>(size);
    if (is_separable) require_separable(name, extent);

    const auto before = convolution_cost(extent);
    const auto weights = parameters.first(before.weights);
    const auto bias = parameters.subspan(weights.size());
    require_finite(name, weights);
    const Kernel4d kernel{extent.outputs, extent.inputs, extent.kernel, weights};
    auto result = is_separable ? separable(convolution, kernel, bias, extent)
                               : tucker(convolution, name, kernel, bias, extent, size);
    result.before = before;
    return result;
}

}  // namespace

LayerFactors factors_of(const LayerInfo& layer, std::span<const float> parameters,
                        const std::vector<std::int64_t>& input, const FactorSize& size)
{
    const auto channels = static_cast<std::uint64_t>(input.front());
    if (const auto* linear = std::get_if<spec::Linear>(&layer.layer))
        return factors_of_linear(*linear, layer.name, parameters, channels, size);
    if (const auto* convolution = std::get_if<spec::Conv2d>(&layer.layer))
        return factors_of_convolution(
            *convolution, layer.name, parameters,
            {channels, convolution->channels, convolution->kernel, pixels_of(input), pixels_of(layer.output_shape)},
            size);
    refuse(layer.name, "it has no weights to be taken apart; choose a linear layer or a convolution");
}

}  // namespace fedgram::learning
