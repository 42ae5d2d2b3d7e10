#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace fedgram::datasets {

/// A split of a user's own data as its files have it: labels and nodes are texts still, whatever they are there.
struct RawSamples {
    std::vector<std::uint32_t> shape{};  ///< of one sample: one to three sizes
    std::vector<std::uint8_t> bytes{};   ///< samples are bytes, or else
    std::vector<float> values{};         ///< floats, or else
    std::vector<std::string> texts{};    ///< lines of characters, equally many in each
    std::vector<std::string> labels{};
    std::vector<std::string> features{};  ///< names of the values, where they have any
    std::vector<std::string> nodes{};     ///< empty where the data has none
    /// Where a sample stands, for errors: "train.csv:17", "x.npy: sample 16".
    std::function<std::string(std::size_t)> where{};

    [[nodiscard]] std::size_t size() const { return labels.size(); }
};

/// "3 x 32 x 32"
[[nodiscard]] inline std::string sizes_text(const std::vector<std::uint32_t>& sizes)
{
    std::string text;
    for (const auto size : sizes) text += (text.empty() ? "" : " x ") + std::to_string(size);
    return text;
}

}  // namespace fedgram::datasets
