#include "common/learning/int8/pooling_stage.hpp"

#include <algorithm>

namespace fedgram::learning::int8 {

PoolingStage::PoolingStage(const Kernels& kernels, Pooling kind, Window window, const CodeRange& range,
                           const CodeLayout& in, const CodeLayout& out)
    : kernels_{kernels}, kind_{kind}, window_{window}, range_{range}, in_{in}, out_{out}
{
}

void PoolingStage::largest(const std::uint8_t* window, std::uint8_t* out) const
{
    const std::size_t channels = in_.channels;
    const auto lowest = static_cast<std::uint8_t>(range_.lowest);
    const auto highest = static_cast<std::uint8_t>(range_.highest);
    std::fill_n(out, channels, lowest);
    for (std::size_t y = 0; y < window_.height; ++y)
        for (std::size_t x = 0; x < window_.width; ++x) {
            const std::uint8_t* const codes = window + y * in_.row_stride() + x * channels;
            for (std::size_t c = 0; c < channels; ++c) out[c] = std::max(out[c], std::min(codes[c], highest));
        }
}

void PoolingStage::run(const StageInput& in, std::uint8_t* out, std::size_t samples) const
{
    Mean mean{nullptr, window_.height, window_.width, in_.row_stride(), in_.channels};
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t y = 0; y < out_.height; ++y)
            for (std::size_t x = 0; x < out_.width; ++x) {
                const std::uint8_t* const window = in.codes + sample * in_.sample_stride() + in_.corner() +
                                                   y * window_.stride * in_.row_stride() +
                                                   x * window_.stride * in_.channels;
                std::uint8_t* const to =
                    out + sample * out_.sample_stride() + out_.corner() + y * out_.row_stride() + x * out_.channels;
                if (kind_ == Pooling::largest) {
                    largest(window, to);
                } else {
                    mean.codes = window;
                    kernels_.mean(mean, to);
                }
            }
}

}  // namespace fedgram::learning::int8
