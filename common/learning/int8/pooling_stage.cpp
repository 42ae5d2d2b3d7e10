#include "common/learning/int8/pooling_stage.hpp"

#include <algorithm>

namespace fedgram::learning::int8 {

namespace {

std::uint8_t rounded_mean(std::uint64_t sum, std::uint64_t count)
{
    const std::uint64_t quotient = sum / count;
    const std::uint64_t twice_remainder = sum % count * 2;
    const bool up = twice_remainder > count || (twice_remainder == count && quotient % 2 == 1);
    return static_cast<std::uint8_t>(quotient + (up ? 1 : 0));
}

}  // namespace

PoolingStage::PoolingStage(Pooling kind, Window window, std::uint8_t lowest, const CodeLayout& in,
                           const CodeLayout& out)
    : kind_{kind}, window_{window}, lowest_{lowest}, in_{in}, out_{out}
{
}

void PoolingStage::pool(const std::uint8_t* window, std::uint8_t* out) const
{
    const std::size_t channels = in_.channels;
    if (kind_ == Pooling::largest) {
        std::fill_n(out, channels, lowest_);
        for (std::size_t y = 0; y < window_.kernel; ++y)
            for (std::size_t x = 0; x < window_.kernel; ++x) {
                const std::uint8_t* const codes = window + y * in_.row_stride() + x * channels;
                for (std::size_t c = 0; c < channels; ++c) out[c] = std::max(out[c], codes[c]);
            }
        return;
    }
    for (std::size_t c = 0; c < channels; ++c) {
        std::uint64_t sum = 0;
        for (std::size_t y = 0; y < window_.kernel; ++y)
            for (std::size_t x = 0; x < window_.kernel; ++x) sum += window[y * in_.row_stride() + x * channels + c];
        out[c] = rounded_mean(sum, std::uint64_t{window_.kernel} * window_.kernel);
    }
}

void PoolingStage::run(const std::uint8_t* in, std::uint8_t* out, std::size_t samples) const
{
    for (std::size_t sample = 0; sample < samples; ++sample)
        for (std::size_t y = 0; y < out_.height; ++y)
            for (std::size_t x = 0; x < out_.width; ++x)
                pool(in + sample * in_.sample_stride() + in_.corner() + y * window_.stride * in_.row_stride() +
                         x * window_.stride * in_.channels,
                     out + sample * out_.sample_stride() + out_.corner() + y * out_.row_stride() + x * out_.channels);
}

}  // namespace fedgram::learning::int8
