#include "common/learning/int8/packed_layer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "common/error/error.hpp"

namespace fedgram::learning::int8 {

namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& text)
{
    throw SpecError{"int8 layer " + name + ": " + text};
}

void check_count(const std::string& name, const char* what, std::size_t found, std::size_t expected)
{
    if (found != expected) refuse(name, std::to_string(found) + " " + what + "; it takes " + std::to_string(expected));
}

void check(const std::string& name, const QuantizedLayer& layer, std::size_t channels, const WindowShape& window)
{
    check_quantizer(name, "input", layer.input);
    check_quantizer(name, "output", layer.output);
    check_count(name, "weights", layer.weights.size(), channels * window.products());
    check_count(name, "biases", layer.biases.size(), channels);
    if (layer.weight_scales.size() != 1) check_count(name, "weight scales", layer.weight_scales.size(), channels);
    if (window.products() > most_products)
        refuse(name, std::to_string(window.products()) + " products a sum; int8 takes up to " +
                         std::to_string(most_products) + ", whose sums fit into 32 bits");
}

// (input scale x weight scale) / output scale, each rounded to float32.
float multiplier(const std::string& name, const QuantizedLayer& layer, std::size_t channel)
{
    const float weight_scale = layer.weight_scales[layer.weight_scales.size() == 1 ? 0 : channel];
    if (!std::isfinite(weight_scale) || weight_scale <= 0)
        refuse(name, "weight scale " + std::to_string(weight_scale) + " of output " + std::to_string(channel) +
                         "; it must be finite and above 0");
    const float sum_scale = layer.input.scale * weight_scale;
    const float ratio = sum_scale / layer.output.scale;
    if (!std::isfinite(ratio))
        refuse(name, "the scales of output " + std::to_string(channel) +
                         " lie too far apart: input x weight / output is beyond float32");
    return ratio;
}

// The bias less what the input's zero point adds to each product, so that a kernel sums codes as they are. No sum on
// the way leaves the range of those of whole windows, since a code that isn't summed yet counts as 0.
std::int32_t start(const std::string& name, const QuantizedLayer& layer, std::size_t channel, std::size_t products)
{
    std::int64_t negative = 0;
    std::int64_t positive = 0;
    for (std::size_t i = 0; i < products; ++i) {
        const std::int8_t weight = layer.weights[channel * products + i];
        (weight < 0 ? negative : positive) += weight;
    }
    const std::int64_t start = layer.biases[channel] - layer.input.zero_point * (negative + positive);
    using Limits = std::numeric_limits<std::int32_t>;
    if (start + 255 * negative < Limits::min() || start + 255 * positive > Limits::max())
        refuse(name, "bias " + std::to_string(layer.biases[channel]) + " of output " + std::to_string(channel) +
                         ": its sums may not fit into 32 bits; use a larger weight scale");
    return static_cast<std::int32_t>(start);
}

// A weight into a quad of 16 channels.
void put(std::byte* quad_of_block, std::size_t lane, std::size_t k, std::int8_t weight, bool widened)
{
    if (widened) {
        const auto wide = static_cast<std::int16_t>(+weight);
        std::copy_n(reinterpret_cast<const std::byte*>(&wide), sizeof wide,
                    quad_of_block + ((k % 2 * block_channels + lane) * 2 + k / 2) * sizeof wide);
    } else {
        quad_of_block[lane * quad + k] = static_cast<std::byte>(weight);
    }
}

}  // namespace

void check_quantizer(const std::string& name, const char* which, const Quantizer& quantizer)
{
    if (!std::isfinite(quantizer.scale) || quantizer.scale <= 0)
        refuse(name,
               std::string{which} + " scale " + std::to_string(quantizer.scale) + "; it must be finite and above 0");
    if (quantizer.zero_point < 0 || quantizer.zero_point > 255)
        refuse(name, std::string{which} + " zero point " + std::to_string(quantizer.zero_point) +
                         "; it must be a code, 0 to 255");
}

PackedLayer::PackedLayer(const Kernels& kernels, const std::string& name, const QuantizedLayer& layer,
                         std::size_t channels, const WindowShape& window, const CodeRange& range)
    : channels_{channels},
      segments_{window.kind == WindowShape::Kind::whole_image ? 1 : window.height},
      segment_quads_{(window.products() / segments_ + quad - 1) / quad},
      zero_point_{layer.output.zero_point},
      range_{range},
      starts_(whole_blocks(channels) * block_channels),
      multipliers_(starts_.size())
{
    check(name, layer, channels, window);
    for (std::size_t channel = 0; channel < channels; ++channel) {
        starts_[channel] = start(name, layer, channel, window.products());
        multipliers_[channel] = multiplier(name, layer, channel);
    }
    window.kind == WindowShape::Kind::depthwise ? pack_depthwise(kernels.layout, layer, window)
                                                : pack(kernels.layout, layer, window);
}

void PackedLayer::pack_depthwise(const WeightLayout& layout, const QuantizedLayer& layer, const WindowShape& window)
{
    const std::size_t column_quads = (window.height + quad - 1) / quad;
    weights_.resize(whole_blocks(channels_) * window.width * column_quads * layout.bytes_of_quad());
    for (std::size_t channel = 0; channel < channels_; ++channel)
        for (std::size_t y = 0; y < window.height; ++y)
            for (std::size_t x = 0; x < window.width; ++x) {
                const std::size_t at_quad = (channel / block_channels * window.width + x) * column_quads + y / quad;
                put(weights_.data() + at_quad * layout.bytes_of_quad(), channel % block_channels, y % quad,
                    layer.weights[(channel * window.height + y) * window.width + x], layout.widened);
            }
}

void PackedLayer::pack(const WeightLayout& layout, const QuantizedLayer& layer, const WindowShape& window)
{
    const std::size_t blocks = whole_blocks(channels_);
    const std::size_t quads = segments_ * segment_quads_;
    weights_.resize(blocks * quads * layout.bytes_of_quad());
    const std::size_t in_whole_groups = blocks / layout.group_blocks * layout.group_blocks;
    const std::size_t rows_of_run = window.height / segments_;
    for (std::size_t channel = 0; channel < channels_; ++channel) {
        const std::size_t block = channel / block_channels;
        const std::size_t lane = channel % block_channels;
        const std::size_t in_group = block < in_whole_groups ? layout.group_blocks : 1;
        const std::size_t group = block - block % in_group;
        for (std::size_t y = 0; y < window.height; ++y)
            for (std::size_t x = 0; x < window.width; ++x)
                for (std::size_t c = 0; c < window.channels; ++c) {
                    const std::int8_t weight =
                        layer.weights[((channel * window.channels + c) * window.height + y) * window.width + x];
                    const std::size_t place = (y % rows_of_run * window.width + x) * window.channels + c;
                    const std::size_t at_quad = y / rows_of_run * segment_quads_ + place / quad;
                    std::byte* const to =
                        weights_.data() + (group * quads + at_quad * in_group + block - group) * layout.bytes_of_quad();
                    put(to, lane, place % quad, weight, layout.widened);
                }
    }
}

Product PackedLayer::product() const
{
    Product product;
    product.segments = segments_;
    product.segment_quads = segment_quads_;
    product.weights = weights_.data();
    product.starts = starts_.data();
    product.requantization = requantization();
    product.channels = channels_;
    return product;
}

DepthwiseProduct PackedLayer::depthwise_product() const
{
    DepthwiseProduct product;
    product.kernel = segments_;
    product.weights = weights_.data();
    product.starts = starts_.data();
    product.requantization = requantization();
    product.channels = channels_;
    return product;
}

}  // namespace fedgram::learning::int8
