#pragma once

#include <cstdint>
#include <vector>

namespace fedgram::coordinator {

/// The nodes of one round, ascending: `size` of `nodes`, drawn anew for each round from the stream
/// (seed, cohort, round).
[[nodiscard]] std::vector<std::uint32_t> draw_cohort(std::uint64_t seed, std::uint32_t round, std::uint32_t nodes,
                                                     std::uint32_t size);

}  // namespace fedgram::coordinator
