#include "common/spec/secure_aggregation.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include "common/error/error.hpp"
#include "common/text/number_text.hpp"

namespace fedgram::spec {

namespace {

/// ceil(log2(x)) of a finite x > 0.
int ceil_log2(double x)
{
    int exponent = 0;
    const double mantissa = std::frexp(x, &exponent);
    return mantissa == 0.5 ? exponent - 1 : exponent;
}

std::uint32_t default_neighbours(std::uint32_t cohort)
{
    return 4 * static_cast<std::uint32_t>(std::bit_width(cohort - 1));  // the bit width of n - 1 is ceil(log2 n)
}

}  // namespace

std::uint32_t regular_degree(std::uint32_t wanted, std::uint32_t nodes)
{
    assert(nodes > 0);
    if (wanted >= nodes - 1) return nodes - 1;
    return wanted % 2 == 1 && nodes % 2 == 1 ? wanted + 1 : wanted;
}

Neighbourhood neighbourhood(const SecureAggregation& aggregation, std::uint32_t cohort)
{
    const auto neighbours = regular_degree(aggregation.neighbours.value_or(default_neighbours(cohort)), cohort);
    const auto two_thirds = static_cast<std::uint32_t>((2 * std::uint64_t{neighbours} + 2) / 3);
    return {neighbours, std::min(aggregation.threshold.value_or(two_thirds + 1), neighbours + 1)};
}

RingBits ring_bits(const SecureAggregation& aggregation, std::uint64_t most_total_weight)
{
    // Rounding takes no value beyond a power of two that it isn't beyond already.
    const int value = ceil_log2(aggregation.value_limit) + static_cast<int>(aggregation.fraction_bits);
    return {static_cast<std::uint32_t>(std::max(value, 0)),
            static_cast<std::uint32_t>(std::bit_width(most_total_weight))};
}

void check_neighbourhood(const SecureAggregation& aggregation, const std::string& path, std::uint32_t cohort)
{
    if (cohort < 2)
        throw SpecError{path + ": a cohort of 1 has no other update to hide its own among; use a cohort of 2 or more"};
    const auto holders = neighbourhood(aggregation, cohort).neighbours + 1;
    if (aggregation.threshold && *aggregation.threshold > holders)
        throw SpecError{path + ".threshold: " + std::to_string(*aggregation.threshold) + " is more than the " +
                        std::to_string(holders) + " that hold a share, a node and its " + std::to_string(holders - 1) +
                        " neighbours in a cohort of " + std::to_string(cohort) + "; use 2 to " +
                        std::to_string(holders)};
}

void check_ring(const SecureAggregation& aggregation, const std::string& path, std::uint64_t most_total_weight)
{
    const auto bits = ring_bits(aggregation, most_total_weight);
    if (bits.total() <= most_ring_bits) return;
    throw SpecError{path + ": 1 bit for the sign, " + std::to_string(bits.value) + " for values up to " +
                    text::shortest(aggregation.value_limit) + " in steps of 2^-" +
                    std::to_string(aggregation.fraction_bits) + " and " + std::to_string(bits.weight) +
                    " for weights up to " + std::to_string(most_total_weight) + " are " + std::to_string(bits.total()) +
                    ", more than a ring's 64; use fewer fraction_bits or a smaller value_limit"};
}

}  // namespace fedgram::spec
