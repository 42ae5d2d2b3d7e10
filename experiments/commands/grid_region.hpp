#pragma once

#include <optional>
#include <string>

namespace fedgram::experiments {

struct RegionOptions {
    std::string region{};                ///< "gcp:europe-west1"; empty: a list of `provider`
    std::string provider{};              ///< "aws"
    std::optional<int> year{};           ///< absent: the latest
    std::optional<std::string> basis{};  ///< absent: lifecycle where the region has it
    bool json = false;
};

/// `fedgram grid --region` and `--regions`: a cloud region's grid intensity and PUE with their sources, or a
/// provider's regions.
[[nodiscard]] int grid_region(const RegionOptions& options);

}  // namespace fedgram::experiments
