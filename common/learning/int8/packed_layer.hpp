#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/learning/int8/codes.hpp"
#include "common/learning/int8/kernels.hpp"
#include "common/learning/quantization/quantized_model.hpp"

namespace fedgram::learning::int8 {

/// Sums of more products than this of a code and a weight, 255 x 128 at most, may not fit into 32 bits.
inline constexpr std::size_t most_products = 65'793;

/// The part of an image that an output sees: a convolution's kernel, or, for a linear layer, the whole image.
struct WindowShape {
    enum class Kind {
        kernel,
        depthwise,    ///< of one channel, the output's own
        whole_image,  ///< its rows are one run of memory
    };

    std::size_t channels = 1;
    std::size_t height = 1;
    std::size_t width = 1;
    Kind kind = Kind::kernel;

    [[nodiscard]] std::size_t products() const { return channels * height * width; }
};

/// Throws SpecError, which names the layer and the scale or zero point, for what isn't a quantizer.
void check_quantizer(const std::string& name, const char* which, const Quantizer& quantizer);

/// A layer's weights as its kernels read them, with what makes codes of its sums.
class PackedLayer {
public:
    /// `name` is the layer's, for errors. Throws SpecError where weights, scales or biases aren't as many as they must
    /// be, a scale or zero point is out of range, or a sum may not fit into 32 bits.
    PackedLayer(const Kernels& kernels, const std::string& name, const QuantizedLayer& layer, std::size_t channels,
                const WindowShape& window, const CodeRange& range);

    /// What stays the same in each product: all but where the codes are and where they go to.
    [[nodiscard]] Product product() const;
    /// The same where the window is depthwise.
    [[nodiscard]] DepthwiseProduct depthwise_product() const;

private:
    void pack(const WeightLayout& layout, const QuantizedLayer& layer, const WindowShape& window);
    void pack_depthwise(const WeightLayout& layout, const QuantizedLayer& layer, const WindowShape& window);
    [[nodiscard]] Requantization requantization() const { return {multipliers_.data(), zero_point_, range_}; }

    std::size_t channels_;
    std::size_t segments_;
    std::size_t segment_quads_;
    std::int32_t zero_point_;
    CodeRange range_;
    Aligned<std::byte> weights_;
    Aligned<std::int32_t> starts_;
    Aligned<float> multipliers_;
};

}  // namespace fedgram::learning::int8
