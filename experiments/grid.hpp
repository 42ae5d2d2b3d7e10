#pragma once

#include <optional>
#include <string>

namespace fedgram::experiments {

struct GridOptions {
    std::string country;
    std::optional<int> year{};  ///< absent: 2024, or the latest before it
    bool json = false;
};

/// `fedgram grid`: a country's grid intensity with its source.
[[nodiscard]] int grid(const GridOptions& options);

}  // namespace fedgram::experiments
