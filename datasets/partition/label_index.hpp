#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::datasets {

/// For each class the indices of its samples, ascending.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> indices_by_label(std::span<const std::uint8_t> labels,
                                                                       std::uint32_t classes);

}  // namespace fedgram::datasets
