#include "common/serving/requests_needed.hpp"

#include <cassert>

namespace fedgram::serving {

namespace {

constexpr double doubt = 0.01;

// Of at most `over` among n, with probability `q` each: multiplications and divisions alone, the same everywhere.
double probability_of_at_most(unsigned over, std::uint64_t n, double q, double all_below)
{
    double term = all_below;
    double sum = term;
    for (unsigned k = 1; k <= over && k <= n; ++k) {
        term *= static_cast<double>(n - k + 1) / k * (q / (1 - q));
        sum += term;
    }
    return sum;
}

}  // namespace

std::uint64_t requests_needed(unsigned percent, unsigned over)
{
    assert(percent >= 1 && percent <= 99 && over <= 100);
    const double q = (100 - percent) / 100.0;
    double all_below = 1;  // (1 - q)^n
    std::uint64_t n = 0;
    do {
        ++n;
        all_below *= 1 - q;
    } while (probability_of_at_most(over, n, q, all_below) > doubt);
    return n;
}

}  // namespace fedgram::serving
