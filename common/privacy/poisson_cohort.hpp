#pragma once

#include <cstdint>
#include <vector>

namespace fedgram::privacy {

/// The nodes of one round, ascending: each of the first `nodes` takes part with the probability `q`, in [0, 1], by a
/// coin of its own from the stream (seed, poisson_cohort, round). There may be none. A node's coins are the same
/// however many nodes come after it.
[[nodiscard]] std::vector<std::uint32_t> poisson_cohort(std::uint64_t seed, std::uint32_t round, std::uint32_t nodes,
                                                        double q);

}  // namespace fedgram::privacy
