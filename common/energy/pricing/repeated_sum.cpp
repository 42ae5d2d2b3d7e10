#include "common/energy/pricing/repeated_sum.hpp"

#include <algorithm>
#include <bit>
#include <limits>

namespace fedgram::energy {

namespace {

static_assert(std::numeric_limits<double>::is_iec559 && std::numeric_limits<double>::digits == 53);

constexpr int mantissa_bits = 52;
constexpr std::uint64_t mantissa = (std::uint64_t{1} << mantissa_bits) - 1;

std::uint64_t bits_of(double value) { return std::bit_cast<std::uint64_t>(value); }

// Between one power of two and the next, where doubles are evenly spaced.
bool are_in_one_binade(std::uint64_t a, std::uint64_t b) { return a >> mantissa_bits == b >> mantissa_bits; }

}  // namespace

// Within a binade doubles are multiples of one spacing, and a term that is added moves the sum by the same multiple of
// it each time: rounding sees the same remainder. Only where the remainder is half a spacing does the first step from
// an odd multiple differ, for halves go to the even one, and all sums after it are even. So of three sums in one binade
// the last two tell the step, and as many steps as stay in the binade are one multiplication of whole numbers.
double add_repeatedly(double sum, double term, std::uint64_t count)
{
    constexpr std::uint64_t worth_it = 8;
    const bool grows = sum >= 0 && term >= 0;  // no NaN either
    while (count >= worth_it && grows) {
        const double first = sum + term;
        const double second = first + term;
        sum = second + term;
        count -= 3;
        const auto bits = bits_of(sum);
        if (!are_in_one_binade(bits_of(first), bits) || !are_in_one_binade(bits_of(second), bits)) continue;
        const auto step = bits - bits_of(second);
        if (step == 0) return sum;
        const auto steps = std::min(count, ((bits | mantissa) - bits) / step);
        sum = std::bit_cast<double>(bits + steps * step);
        count -= steps;
    }
    for (; count > 0; --count) sum += term;
    return sum;
}

}  // namespace fedgram::energy
