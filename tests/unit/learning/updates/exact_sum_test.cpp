#include "common/learning/updates/exact_sum.hpp"

#include <algorithm>
#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

struct Update {
    std::vector<float> values;
    std::uint64_t weight = 1;
};

bool same_bits(const std::vector<float>& a, const std::vector<float>& b)
{
    return std::ranges::equal(a, b, {}, std::bit_cast<std::uint32_t, float>, std::bit_cast<std::uint32_t, float>);
}

/// In 128-bit arithmetic, one value after the other.
std::vector<float> plain_mean(const std::vector<Update>& updates, std::uint64_t divisor)
{
    std::vector<FixedPoint> sums(updates[0].values.size());
    for (const auto& update : updates)
        for (std::size_t i = 0; i < sums.size(); ++i)
            sums[i] += fixed_point(update.values[i]) * static_cast<std::int64_t>(update.weight);
    std::vector<float> mean;
    for (const auto sum : sums) mean.push_back(quotient(sum, divisor));
    return mean;
}

std::vector<float> exact_mean(const std::vector<Update>& updates, std::uint64_t divisor)
{
    ExactSum sum{updates[0].values.size()};
    for (const auto& update : updates) sum.add(update.values, update.weight);
    return sum.over(divisor);
}

std::uint64_t total(const std::vector<Update>& updates)
{
    return std::accumulate(updates.begin(), updates.end(), std::uint64_t{0},
                           [](auto sum, const auto& update) { return sum + update.weight; });
}

/// A float of any bits, finite and below 2^`exponent` in magnitude: as often tiny as large.
float any_float(Stream& random, int exponent)
{
    for (;;) {
        const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits()));
        if (std::fabs(value) < std::ldexp(1.0f, exponent)) return value;
    }
}

std::vector<Update> any_updates(Stream& random, std::size_t count, std::size_t size, int exponent,
                                std::uint64_t most_weight)
{
    std::vector<Update> updates(count);
    for (auto& update : updates) {
        update.weight = 1 + random.below(most_weight);
        for (std::size_t i = 0; i < size; ++i) update.values.push_back(any_float(random, exponent));
    }
    return updates;
}

}  // namespace

TEST_CASE("A sum of products has the bits of 128-bit arithmetic, for floats of any bits", "[coordinator]")
{
    Stream random{1, Purpose::initial_parameters};
    // Below 2^31 in magnitude is what may come; sane models stay below 2^10.
    const int exponent = GENERATE(-126, -60, -40, 0, 10, 31);
    for (const std::uint64_t most_weight : {1ULL, 100ULL, 60'000ULL, 1ULL << 27, 1ULL << 28}) {
        const auto updates = any_updates(random, 7, 700, exponent, most_weight);
        REQUIRE(same_bits(exact_mean(updates, total(updates)), plain_mean(updates, total(updates))));
    }
}

TEST_CASE("Values of one size, as a trained model's, have the bits of 128-bit arithmetic", "[coordinator]")
{
    Stream random{2, Purpose::initial_parameters};
    for (const double scale : {1e-13, 1e-9, 0.05, 1.0, 300.0, 1e6}) {
        std::vector<Update> updates(20);
        for (auto& update : updates) {
            update.weight = 1 + random.below(10'000);
            for (int i = 0; i < 5000; ++i) update.values.push_back(static_cast<float>(scale * random.normal()));
        }
        REQUIRE(same_bits(exact_mean(updates, total(updates)), plain_mean(updates, total(updates))));
    }
}

TEST_CASE("Extremes have the bits of 128-bit arithmetic: zeros, denormals, limits and weights up to 2^31",
          "[coordinator]")
{
    const float largest = std::nextafter(fixed_point_limit, 0.0f);
    const float smallest = std::numeric_limits<float>::denorm_min();
    std::vector<float> values{0.0f,
                              -0.0f,
                              smallest,
                              -smallest,
                              std::numeric_limits<float>::min(),
                              -std::numeric_limits<float>::min(),
                              0x1p-64f,
                              -0x1p-64f,
                              0x1p-65f,
                              -0x1p-65f,
                              0x1.8p-64f,
                              -0x1.8p-64f,
                              0x1p-41f,
                              -0x1p-41f,
                              -0x1p-87f,
                              0x1.2p31f / 2,
                              -0x1.2p31f / 2,
                              largest,
                              -largest,
                              1.0f,
                              -1.0f,
                              0x1p-32f,
                              -0x1p-32f,
                              -0x1.000002p-64f,
                              -0x1.000004p-64f,
                              -0x1.000002p-63f};
    for (const std::uint64_t weight : {1ULL, 3ULL, (1ULL << 28) - 1, 1ULL << 28, (1ULL << 28) + 1, 1ULL << 31}) {
        const std::vector<Update> one{{values, weight}};
        CHECK(same_bits(exact_mean(one, weight), plain_mean(one, weight)));
        auto reversed = values;
        std::ranges::reverse(reversed);
        const std::vector<Update> two{{values, weight / 2 + 1}, {reversed, weight / 3 + 1}};
        CHECK(same_bits(exact_mean(two, total(two)), plain_mean(two, total(two))));
    }
}

TEST_CASE("A value that is too large for the fast sums changes no bit of the others, whenever it comes",
          "[coordinator]")
{
    Stream random{3, Purpose::initial_parameters};
    auto updates = any_updates(random, 6, 10'000, 3, 600);
    updates[4].values[9'000] = 0x1.fffffep30f;  // behind two whole chunks
    const auto expected = plain_mean(updates, total(updates));
    for (std::size_t turn = 0; turn < updates.size(); ++turn) {
        std::ranges::rotate(updates, updates.begin() + 1);
        REQUIRE(same_bits(exact_mean(updates, total(updates)), expected));
    }
}

TEST_CASE("An exact sum doesn't depend on the order of the additions", "[coordinator]")
{
    Stream random{4, Purpose::initial_parameters};
    const int exponent = GENERATE(5, 31);
    auto updates = any_updates(random, 30, 300, exponent, 1'000);
    const auto expected = exact_mean(updates, total(updates));
    for (int trial = 0; trial < 50; ++trial) {
        random.shuffle(std::span{updates});
        REQUIRE(same_bits(exact_mean(updates, total(updates)), expected));
    }
}

TEST_CASE("More additions than the fast sums take have the bits of 128-bit arithmetic", "[coordinator]")
{
    // The low half of each product is as large as it gets: 2^42 of 2^43.
    const std::vector<float> value{0x1p-22f, -0x1p-22f};
    ExactSum sum{value.size()};
    const std::uint64_t additions = (1U << 20) + 10;
    for (std::uint64_t i = 0; i < additions; ++i) sum.add(value, 1);
    CHECK(sum.over(additions) == value);
}
