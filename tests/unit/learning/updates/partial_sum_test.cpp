#include "common/learning/updates/partial_sum.hpp"

#include <bit>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <vector>

#include "common/learning/updates/exact_sum.hpp"
#include "common/learning/updates/norms.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

constexpr std::size_t parameters = 700;

struct Update {
    std::vector<float> values;
    std::uint64_t weight = 1;
};

/// Floats of any bits, below 2^exponent in magnitude.
std::vector<Update> any_updates(Stream& random, std::size_t count, int exponent, std::uint64_t most_weight)
{
    std::vector<Update> updates(count);
    for (auto& update : updates) {
        update.weight = 1 + random.below(most_weight);
        while (update.values.size() < parameters) {
            const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(random.bits()));
            if (std::fabs(value) < std::ldexp(1.0f, exponent)) update.values.push_back(value);
        }
    }
    return updates;
}

std::uint64_t total(const std::vector<Update>& updates)
{
    std::uint64_t sum = 0;
    for (const auto& update : updates) sum += update.weight;
    return sum;
}

bool same_bits(const std::vector<double>& a, const std::vector<double>& b)
{
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(double)) == 0;
}

/// In 128-bit arithmetic, one value after the other.
std::vector<FixedPoint> plain_sum(const std::vector<Update>& updates)
{
    std::vector<FixedPoint> sums(parameters);
    for (const auto& [values, weight] : updates)
        for (std::size_t i = 0; i < parameters; ++i)
            sums[i] += fixed_point(values[i]) * static_cast<std::int64_t>(weight);
    return sums;
}

std::vector<float> words_of(const std::vector<Update>& updates)
{
    ExactSum sum{updates[0].values.size()};
    for (const auto& [values, weight] : updates) sum.add(values, weight);
    std::vector<float> words;
    sum.write(words);
    return words;
}

}  // namespace

TEST_CASE("A partial sum lies on the wire as its page says", "[learning]")
{
    // By hand: 1.5 x 2 is 3 x 2^64, -0.25 x 2 is -2^63, 2^-64 x 2 is 2.
    const auto words = words_of({{{1.5f, -0.25f, 0x1p-64f}, 2}});
    REQUIRE(words.size() == 9);
    std::uint64_t lower[3];
    std::int32_t upper[3];
    std::memcpy(lower, words.data(), sizeof lower);
    std::memcpy(upper, words.data() + 6, sizeof upper);
    CHECK(lower[0] == 0);
    CHECK(upper[0] == 3);
    CHECK(lower[1] == std::uint64_t{1} << 63);
    CHECK(upper[1] == -1);
    CHECK(lower[2] == 2);
    CHECK(upper[2] == 0);
}

TEST_CASE("A partial sum is that of 128-bit arithmetic, and wide only where twelve bytes are too few", "[learning]")
{
    Stream random{1, Purpose::initial_parameters};
    const int exponent = GENERATE(-60, 0, 10, 31);
    const auto updates = any_updates(random, 7, exponent, 60'000);
    const auto words = words_of(updates);
    const auto part = PartialSum::read(words, parameters);
    REQUIRE(part);
    CHECK(part->is_narrow() == (exponent < 31));
    const auto expected = plain_sum(updates);
    for (std::size_t i = 0; i < parameters; ++i) REQUIRE((*part)[i] == expected[i]);
}

TEST_CASE("Updates that are summed in parts have the bits of those that are summed at once", "[learning]")
{
    Stream random{2, Purpose::initial_parameters};
    const int exponent = GENERATE(-126, -40, 0, 10, 25, 31);
    for (const std::uint64_t most_weight : {1ULL, 600ULL, 1ULL << 26}) {
        const auto updates = any_updates(random, 12, exponent, most_weight);
        ExactSum whole{parameters};
        for (const auto& [values, weight] : updates) whole.add(values, weight);
        ExactSum in_parts{parameters};
        ExactSum part{parameters};
        std::vector<float> words;
        for (std::size_t i = 0; i < updates.size(); ++i) {
            if (i % 5 == 4)
                in_parts.add(updates[i].values, updates[i].weight);
            else
                part.add(updates[i].values, updates[i].weight);
            if (i % 4 != 3) continue;
            part.write(words);
            in_parts.add(PartialSum::read(words, parameters).value());
            part.clear();
        }
        REQUIRE(same_bits(in_parts.precisely_over(total(updates)), whole.precisely_over(total(updates))));
    }
}

TEST_CASE("Parts that are too large together widen the sum, and change no bit", "[learning]")
{
    // 40 x 2^28 passes the 2^29 that the fast sums hold.
    const std::vector<Update> updates(40, {std::vector<float>{0x1.000002p0f, -0x1.8p-30f}, 1U << 28});
    ExactSum whole{2};
    ExactSum in_parts{2};
    for (const auto& update : updates) {
        const auto words = words_of({update});
        REQUIRE(words.size() == 6);
        in_parts.add(PartialSum::read(words, 2).value());
        whole.add(update.values, update.weight);
    }
    CHECK(same_bits(in_parts.precisely_over(7), whole.precisely_over(7)));
}

TEST_CASE("A sum that was cleared is as a new one", "[learning]")
{
    ExactSum sum{2};
    sum.add(std::vector<float>{0x1p30f, 1}, 1U << 30);  // wide
    sum.clear();
    sum.add(std::vector<float>{3, -1}, 2);
    CHECK(sum.over(1) == std::vector<float>{6, -2});
    std::vector<float> words;
    sum.write(words);
    CHECK(words.size() == 2 * PartialSum::narrow_words);
}

TEST_CASE("A sum of another size is no sum of the model's", "[learning]")
{
    const std::vector<float> words(12);
    CHECK(PartialSum::read(words, 4)->is_narrow());
    CHECK_FALSE(PartialSum::read(words, 3)->is_narrow());
    CHECK_FALSE(PartialSum::read(words, 12));
    CHECK_FALSE(PartialSum::read(words, 5));
    CHECK_FALSE(PartialSum::read({}, 1));
}

TEST_CASE("How far a sum's mean is from the model", "[learning]")
{
    // By hand: the means of 3 and 5 by weights 1 and 3 is 4.5, of 1 and 1 it is 1. From 1.5 and -3: (3, 4), 5 far.
    const auto words = words_of({{{3, 1}, 1}, {{5, 1}, 3}});
    const std::vector<float> model{1.5f, -3};
    CHECK(PartialSum::read(words, 2)->distance_of_mean(4, model) == Approx(5));

    Stream random{3, Purpose::initial_parameters};
    const int exponent = GENERATE(3, 31);
    const auto updates = any_updates(random, 5, exponent, 1'000);
    ExactSum sum{parameters};
    for (const auto& [values, weight] : updates) sum.add(values, weight);
    const auto many = words_of(updates);
    CHECK(PartialSum::read(many, parameters)->distance_of_mean(total(updates), updates[0].values) ==
          Approx(l2_distance(sum.over(total(updates)), updates[0].values)));
}
