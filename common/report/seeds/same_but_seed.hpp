#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fedgram::report {

/// What a run is, as far as others are like it.
struct SeededSetting {
    std::string setting;  ///< the specification without name and seed, as text
    std::uint64_t seed{};
};

/// The runs by what they share, as indices: those of one group differ in the seed alone. Groups stand in the order of
/// their first run. Where a seed stands twice, which would count as two results, each run is a group of its own.
[[nodiscard]] std::vector<std::vector<std::size_t>> same_but_seed(std::span<const SeededSetting> runs);

}  // namespace fedgram::report
