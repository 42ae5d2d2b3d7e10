#include "experiments/search/rungs.hpp"

#include <cstddef>
#include <utility>

namespace fedgram::experiments {

std::vector<std::uint32_t> rung_rounds(std::uint32_t least, std::uint32_t most, std::uint32_t eta)
{
    std::vector<std::uint32_t> rounds;
    for (std::uint64_t next = least; next < most; next *= eta) rounds.push_back(static_cast<std::uint32_t>(next));
    rounds.push_back(most);
    return rounds;
}

Bracket halving_bracket(std::uint32_t trials, std::uint32_t least, std::uint32_t most, std::uint32_t eta)
{
    Bracket bracket;
    for (const auto rounds : rung_rounds(least, most, eta)) {
        if (trials == 0) break;
        bracket.push_back({trials, rounds});
        trials /= eta;
    }
    return bracket;
}

std::vector<Bracket> hyperband_brackets(std::uint32_t most, std::uint32_t eta)
{
    std::vector<std::uint64_t> powers{1};  // of eta, up to `most`
    while (powers.back() * eta <= most) powers.push_back(powers.back() * eta);
    std::vector<Bracket> brackets;
    for (auto s = powers.size(); s-- > 0;) {
        const auto trials = (powers.size() * powers[s] + s) / (s + 1);
        auto& bracket = brackets.emplace_back();
        for (std::size_t i = 0; i <= s; ++i)
            bracket.push_back(
                {static_cast<std::uint32_t>(trials / powers[i]), static_cast<std::uint32_t>(most / powers[s - i])});
    }
    return brackets;
}

std::uint64_t rounds_of(const Bracket& bracket)
{
    std::uint64_t rounds = 0;
    std::uint32_t before = 0;
    for (const auto& rung : bracket)
        rounds += std::uint64_t{rung.trials} * (rung.rounds - std::exchange(before, rung.rounds));
    return rounds;
}

}  // namespace fedgram::experiments
