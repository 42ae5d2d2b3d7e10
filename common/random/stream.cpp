#include "common/random/stream.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "common/random/portable_math.hpp"

namespace fedgram {

namespace {

// The finaliser of SplitMix64 (Steele, Lea and Flood 2014): each input bit changes each output bit half the time.
std::uint64_t mix(std::uint64_t z)
{
    z += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

}  // namespace

Stream::Stream(std::uint64_t seed, Purpose purpose, std::uint64_t round, std::uint64_t node)
{
    std::uint64_t key = mix(seed);
    // Not mix(key ^ mix(part)): that is symmetric in its first two parts, so (seed 1, purpose 2) would be (2, 1).
    for (const auto part : {static_cast<std::uint64_t>(purpose), round, node}) key = mix(key ^ part);
    for (auto& word : state_) word = key = mix(key);
}

std::uint64_t Stream::bits()
{
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
}

std::uint64_t Stream::below(std::uint64_t bound)
{
    __extension__ using Wide = unsigned __int128;
    Wide product = static_cast<Wide>(bits()) * bound;
    if (static_cast<std::uint64_t>(product) < bound) {
        const std::uint64_t unfair = (0 - bound) % bound;  // 2^64 mod bound
        while (static_cast<std::uint64_t>(product) < unfair) product = static_cast<Wide>(bits()) * bound;
    }
    return static_cast<std::uint64_t>(product >> 64);
}

double Stream::uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }

double Stream::normal()
{
    for (;;) {
        const double u = 2 * uniform() - 1;
        const double v = 2 * uniform() - 1;
        const double s = u * u + v * v;
        if (s > 0 && s < 1) return u * std::sqrt(-2 * portable::log(s) / s);
    }
}

double Stream::log_gamma_variate(double alpha)
{
    if (alpha < 1) {
        // Gamma(a) = Gamma(a + 1) * U^(1/a); 1 - uniform() is in (0, 1].
        const double boost = portable::log(1 - uniform()) / alpha;
        return log_gamma_variate(alpha + 1) + boost;
    }
    const double d = alpha - 1.0 / 3;
    const double c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = normal();
        const double v = 1 + c * x;
        if (v <= 0) continue;
        const double cubed = v * v * v;
        if (portable::log(1 - uniform()) < 0.5 * x * x + d - d * cubed + d * portable::log(cubed))
            return portable::log(d * cubed);
    }
}

std::vector<double> Stream::dirichlet(double alpha, std::size_t size)
{
    std::vector<double> shares(size);
    for (auto& share : shares) share = log_gamma_variate(alpha);
    const double largest = *std::max_element(shares.begin(), shares.end());
    double sum = 0;
    for (auto& share : shares) sum += share = portable::exp(share - largest);
    for (auto& share : shares) share /= sum;
    return shares;
}

}  // namespace fedgram
