#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace fedgram::coordinator {

/// The nodes of one round, ascending: `size` of `nodes`, drawn anew for each round from the stream
/// (seed, cohort, round).
[[nodiscard]] std::vector<std::uint32_t> draw_cohort(std::uint64_t seed, std::uint32_t round, std::uint32_t nodes,
                                                     std::uint32_t size);

/// The same from `nodes` that ascend, all of them where they are no more than `size`. Of all nodes of a training it is
/// the very draw of the above.
[[nodiscard]] std::vector<std::uint32_t> draw_cohort(std::uint64_t seed, std::uint32_t round,
                                                     std::span<const std::uint32_t> nodes, std::size_t size);

/// `nodes` in an order of which the first `size` are that draw, whatever the size.
[[nodiscard]] std::vector<std::uint32_t> shuffled_nodes(std::uint64_t seed, std::uint32_t round,
                                                        std::span<const std::uint32_t> nodes);

}  // namespace fedgram::coordinator
