#include "client/serving/pixel_bytes.hpp"

namespace fedgram::client {

PixelBytes::PixelBytes(const spec::Normalization& normalization, std::size_t channels, std::size_t plane)
    : plane_{plane}
{
    for (std::size_t channel = 0; channel < channels; ++channel) {
        const double mean = normalization.mean[channel % normalization.mean.size()];
        const double deviation = normalization.standard_deviation[channel % normalization.standard_deviation.size()];
        lines_.emplace_back(1 / (255 * deviation), -mean / deviation);
    }
}

void PixelBytes::apply(std::span<const std::byte> bytes, std::span<float> pixels) const
{
    const auto* from = reinterpret_cast<const std::uint8_t*>(bytes.data());
    float* to = pixels.data();
    for (const auto& line : lines_) {
        line.apply(from, plane_, to);
        from += plane_;
        to += plane_;
    }
}

}  // namespace fedgram::client
