#include "common/learning/native/channel_rows.hpp"

#include <algorithm>

namespace fedgram::learning::native {

void spread(std::span<const float> of_channels, std::size_t row_size, float* row)
{
    for (std::size_t at = 0; at < row_size; at += of_channels.size())
        std::copy(of_channels.begin(), of_channels.end(), row + at);
}

void fold(const float* row, std::size_t row_size, std::span<double> of_channels)
{
    for (std::size_t at = 0; at < row_size; at += of_channels.size())
        for (std::size_t channel = 0; channel < of_channels.size(); ++channel)
            of_channels[channel] += row[at + channel];
}

}  // namespace fedgram::learning::native
