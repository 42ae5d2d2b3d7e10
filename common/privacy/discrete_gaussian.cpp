#include "common/privacy/discrete_gaussian.hpp"

#include <cassert>

namespace fedgram::privacy {

namespace {

/// A fraction in [0, 1].
struct Fraction {
    std::uint64_t numerator;
    std::uint64_t denominator;
};

bool coin(Stream& stream, Fraction chance) { return stream.below(chance.denominator) < chance.numerator; }

// Two coins in a row are one of the product of their chances: so no product is ever formed that could overflow.
template <class... Fractions>
bool coins(Stream& stream, Fractions... chances)
{
    return (coin(stream, chances) && ...);
}

// True with the probability e^-x, where x in [0, 1] is the product of `parts` (algorithm 1): of coins with the chances
// x / 1, x / 2, x / 3, ... an even number come up in a row.
template <class... Fractions>
bool exponential_coin(Stream& stream, Fractions... parts)
{
    std::uint64_t k = 1;
    while (coins(stream, parts...) && (k == 1 || coin(stream, {1, k}))) ++k;
    return k % 2 == 1;
}

template <class Coin>
bool all_of(std::uint64_t times, Coin coin)
{
    while (times > 0 && coin()) --times;
    return times == 0;
}

// The discrete Laplace distribution: k with a probability proportional to e^(-|k| / scale) (algorithm 2).
std::int64_t discrete_laplace(Stream& stream, std::uint64_t scale)
{
    while (true) {
        const auto rest = stream.below(scale);
        if (!exponential_coin(stream, Fraction{rest, scale})) continue;
        std::uint64_t whole = 0;
        while (exponential_coin(stream, Fraction{1, 1})) ++whole;
        const auto magnitude = static_cast<std::int64_t>(whole * scale + rest);
        const bool negative = stream.bits() >> 63 != 0;
        if (!negative || magnitude != 0) return negative ? -magnitude : magnitude;  // or 0 would come twice as often
    }
}

// True with the probability e^(-(distance / sigma)^2 / 2). With distance / sigma = whole + part the exponent is
// whole^2 / 2 + whole part + part^2 / 2: so many coins of a known chance each.
bool keeps(Stream& stream, std::uint64_t distance, std::uint64_t sigma)
{
    constexpr Fraction half{1, 2};
    const auto whole = distance / sigma;
    const Fraction part{distance % sigma, sigma};
    return all_of(whole * whole, [&] { return exponential_coin(stream, half); }) &&
           all_of(whole, [&] { return exponential_coin(stream, part); }) && exponential_coin(stream, part, part, half);
}

}  // namespace

std::int64_t discrete_gaussian(Stream& stream, std::uint64_t sigma)
{
    assert(sigma <= most_grid_units);
    if (sigma == 0) return 0;
    // Algorithm 3, with a Laplace distribution of the scale sigma: that of its proposals that are kept is largest then.
    while (true) {
        const auto draw = discrete_laplace(stream, sigma);
        const auto magnitude = static_cast<std::uint64_t>(draw < 0 ? -draw : draw);
        const auto distance = magnitude > sigma ? magnitude - sigma : sigma - magnitude;
        if (keeps(stream, distance, sigma)) return draw;
    }
}

}  // namespace fedgram::privacy
