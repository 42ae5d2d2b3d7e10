#include "datasets/partition/label_index.hpp"

namespace fedgram::datasets {

std::vector<std::vector<std::uint32_t>> indices_by_label(std::span<const std::uint8_t> labels, std::uint32_t classes)
{
    std::vector<std::vector<std::uint32_t>> indices(classes);
    for (std::uint32_t i = 0; i < labels.size(); ++i) indices.at(labels[i]).push_back(i);
    return indices;
}

}  // namespace fedgram::datasets
