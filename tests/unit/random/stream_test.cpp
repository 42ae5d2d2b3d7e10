#include "common/random/stream.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cmath>
#include <numeric>
#include <set>

#include "common/random/portable_math.hpp"

using namespace fedgram;

namespace {

struct Moments {
    double mean;
    double variance;
};

template <class Draw>
Moments moments_of(int draws, Draw draw)
{
    double sum = 0;
    double square_sum = 0;
    for (int i = 0; i < draws; ++i) {
        const double x = draw();
        sum += x;
        square_sum += x * x;
    }
    const double mean = sum / draws;
    return {mean, square_sum / draws - mean * mean};
}

}  // namespace

// Golden values: a seed means these numbers for ever, on every machine. A change here changes every published result.
// They are those of an independent transcription to Python, itself checked with SplitMix64's and xoshiro256**'s
// published outputs.
TEST_CASE("A seed means the same bits for ever", "[random]")
{
    Stream stream{1, Purpose::partition};
    CHECK(stream.bits() == 0x017632bba2faeaa3);
    CHECK(stream.bits() == 0xbefccff6e549fd01);
    CHECK(stream.bits() == 0x145c43a5a2927dc9);
    CHECK(stream.bits() == 0x25364db5d7218007);
    Stream keyed{42, Purpose::local_shuffle, 7, 3};
    CHECK(keyed.bits() == 0x9f148c5315428822);
    CHECK(keyed.bits() == 0x57e96ab88c314a20);
    CHECK(keyed.bits() == 0xa0a1e6a67a822e19);
    CHECK(keyed.bits() == 0xccc2c19033728da7);
}

TEST_CASE("A seed means the same choices for ever", "[random]")
{
    Stream stream{1, Purpose::cohort};
    std::array<int, 10> items{};
    std::iota(items.begin(), items.end(), 0);
    stream.shuffle(std::span<int>{items});
    CHECK(items == std::array{2, 8, 9, 0, 1, 4, 3, 5, 6, 7});
    // To the last bit. Python with its own log and exp agrees to 1e-15.
    Stream shares_stream{1, Purpose::partition};
    const auto shares = shares_stream.dirichlet(0.5, 3);
    CHECK(shares == std::vector{0x1.73c2501d595fcp-2, 0x1.1caa4fe3094c9p-1, 0x1.4ba44072501cep-4});
}

TEST_CASE("Each part of the key makes another stream", "[random]")
{
    std::set<std::uint64_t> first;
    for (std::uint64_t seed = 0; seed < 5; ++seed)
        for (const auto purpose : {Purpose::initial_parameters, Purpose::partition, Purpose::cohort,
                                   Purpose::local_shuffle, Purpose::subset, Purpose::engine})
            for (std::uint64_t round = 0; round < 5; ++round)
                for (std::uint64_t node = 0; node < 5; ++node) first.insert(Stream{seed, purpose, round, node}.bits());
    CHECK(first.size() == 5 * 6 * 5 * 5);
}

TEST_CASE("Two streams of one key are the same, whoever drew before", "[random]")
{
    Stream a{9, Purpose::engine, 1, 2};
    Stream other{9, Purpose::engine, 1, 3};
    other.bits();
    Stream b{9, Purpose::engine, 1, 2};
    for (int i = 0; i < 100; ++i) CHECK(a.bits() == b.bits());
}

TEST_CASE("below() stays below its bound and favours no number", "[random]")
{
    Stream stream{1, Purpose::engine};
    for (int i = 0; i < 100; ++i) CHECK(stream.below(1) == 0);
    // A bound of three quarters of 2^64: taken modulo it, the lower third would come twice as often.
    constexpr std::uint64_t bound = 3ULL << 62;
    int low = 0;
    for (int i = 0; i < 30'000; ++i) {
        const auto value = stream.below(bound);
        CHECK(value < bound);
        low += value < bound / 3;
    }
    CHECK(low == Approx(10'000).margin(5 * std::sqrt(30'000 * 2 / 9.0)));

    std::array<int, 7> counts{};
    for (int i = 0; i < 70'000; ++i) ++counts.at(stream.below(7));
    for (const int count : counts) CHECK(count == Approx(10'000).margin(5 * std::sqrt(10'000 * 6 / 7.0)));
}

TEST_CASE("Uniform, normal and gamma variates have their distributions' mean and variance", "[random]")
{
    constexpr int draws = 200'000;
    Stream stream{1, Purpose::engine};
    const auto uniform = moments_of(draws, [&] { return stream.uniform(); });
    CHECK(uniform.mean == Approx(0.5).margin(0.004));
    CHECK(uniform.variance == Approx(1.0 / 12).epsilon(0.02));
    const auto normal = moments_of(draws, [&] { return stream.normal(); });
    CHECK(normal.mean == Approx(0).margin(0.012));
    CHECK(normal.variance == Approx(1).epsilon(0.02));
    // Gamma(a): mean a, variance a. Five deviations of the variance's estimate, a * sqrt((2 + 6/a) / draws),
    // are 0.6 to 3 % of it for the shapes here.
    for (const double alpha : {0.3, 0.5, 1.0, 2.5, 100.0}) {
        CAPTURE(alpha);
        const auto gamma = moments_of(draws, [&] { return portable::exp(stream.log_gamma_variate(alpha)); });
        CHECK(gamma.mean == Approx(alpha).epsilon(0.025));
        CHECK(gamma.variance == Approx(alpha).epsilon(0.06));
    }
}

TEST_CASE("A uniform variate is never 1", "[random]")
{
    Stream stream{1, Purpose::engine};
    for (int i = 0; i < 100'000; ++i) {
        const double x = stream.uniform();
        REQUIRE((x >= 0 && x < 1));
    }
}

TEST_CASE("A Dirichlet point lies on the simplex for any concentration", "[random]")
{
    Stream stream{1, Purpose::engine};
    for (const double alpha : {1e-6, 0.01, 0.5, 1.0, 100.0, 1e9})
        for (const std::size_t size : {1U, 2U, 100U}) {
            CAPTURE(alpha, size);
            const auto shares = stream.dirichlet(alpha, size);
            REQUIRE(shares.size() == size);
            for (const double share : shares) CHECK((share >= 0 && share <= 1));
            CHECK(std::accumulate(shares.begin(), shares.end(), 0.0) == Approx(1).epsilon(1e-12));
        }
}

TEST_CASE("A shuffle gives each order equally often", "[random]")
{
    Stream stream{1, Purpose::engine};
    std::array<int, 6> counts{};
    for (int i = 0; i < 60'000; ++i) {
        std::array<int, 3> items{0, 1, 2};
        stream.shuffle(std::span<int>{items});
        ++counts.at(static_cast<std::size_t>(items[0] * 2 + (items[1] > items[2])));
    }
    for (const int count : counts) CHECK(count == Approx(10'000).margin(5 * std::sqrt(10'000 * 5 / 6.0)));
}
