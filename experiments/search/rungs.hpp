#pragma once

#include <cstdint>
#include <vector>

namespace fedgram::experiments {

/// So many trials go on to so many rounds.
struct Rung {
    std::uint32_t trials = 0;
    std::uint32_t rounds = 0;

    friend bool operator==(const Rung&, const Rung&) = default;
};

/// Rungs from the bottom up.
using Bracket = std::vector<Rung>;

/// The rounds of each rung: `least`, and `eta` times those of the one before, up to `most`. `least` is from 1 to
/// `most`, `eta` at least 2.
[[nodiscard]] std::vector<std::uint32_t> rung_rounds(std::uint32_t least, std::uint32_t most, std::uint32_t eta);

/// Successive halving (Jamieson and Talwalkar 2016, arXiv:1502.07943): of each rung's trials one in `eta` goes on,
/// while there is one.
[[nodiscard]] Bracket halving_bracket(std::uint32_t trials, std::uint32_t least, std::uint32_t most, std::uint32_t eta);

/// Hyperband's brackets (Li et al. 2018, arXiv:1603.06560), the most ambitious first. With s_max the largest s for
/// which eta^s <= most, bracket s has ceil((s_max + 1) eta^s / (s + 1)) trials in its bottom rung, which has most /
/// eta^s rounds. All of it in whole numbers: a logarithm of floating point loses a bracket of 243 rounds.
[[nodiscard]] std::vector<Bracket> hyperband_brackets(std::uint32_t most, std::uint32_t eta);

/// The rounds that a bracket trains where each rung goes on from the one below.
[[nodiscard]] std::uint64_t rounds_of(const Bracket& bracket);

}  // namespace fedgram::experiments
