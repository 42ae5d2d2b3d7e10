#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace fedgram {

/// What a random choice is for. Two purposes never share a stream, whatever the seed. The numbers are part of
/// what a seed means: never renumber.
enum class Purpose : std::uint64_t {
    initial_parameters = 1,
    partition = 2,
    cohort = 3,
    local_shuffle = 4,
    subset = 5,
    engine = 6,
    draws = 7,
    synthetic_data = 8,
    hold_out = 9,
    node_test = 10,
    feature_noise = 11,
    validation = 12,
    search = 13,
    fleet_groups = 14,
    fleet_spread = 15,
    availability = 16,
    selection = 17,
    probe = 18,
    quantizer = 19,
    random_k = 20,
    privacy_noise = 21,
    poisson_cohort = 22,
    mask_graph = 23,
    dropout = 24,
    arrivals = 25,
};

/// One generator for each (seed, purpose, round, node): results never depend on who drew before.
/// All of it is integer arithmetic, or IEEE additions, multiplications, divisions and square roots, so that
/// a seed means the same numbers on every CPU and with every standard library.
class Stream {
public:
    Stream(std::uint64_t seed, Purpose purpose, std::uint64_t round = 0, std::uint64_t node = 0);

    /// 64 uniform bits (xoshiro256**, Blackman and Vigna 2018, arXiv:1805.01407).
    std::uint64_t bits();
    /// Uniform in [0, bound), without bias (Lemire 2019, arXiv:1805.10941). `bound` must not be 0.
    std::uint64_t below(std::uint64_t bound);
    /// Uniform in [0, 1), 53 bits.
    double uniform();
    /// Standard normal (Marsaglia's polar method).
    double normal();
    /// Gamma with shape `alpha` > 0 and scale 1 (Marsaglia and Tsang 2000), as its natural logarithm: for a
    /// small alpha the value itself underflows to zero.
    double log_gamma_variate(double alpha);
    /// A point on the simplex of `size` corners, Dirichlet with equal concentration `alpha` > 0.
    std::vector<double> dirichlet(double alpha, std::size_t size);

    /// Fisher-Yates.
    template <class T>
    void shuffle(std::span<T> items)
    {
        for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[below(i)]);
    }

private:
    std::uint64_t state_[4];
};

}  // namespace fedgram
