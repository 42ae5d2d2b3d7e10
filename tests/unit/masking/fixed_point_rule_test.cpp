#include "common/masking/fixed_point_rule.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "common/random/stream.hpp"

using namespace fedgram;
using masking::FixedPointRule;

namespace {

std::vector<std::int64_t> numbers(const FixedPointRule& rule, const std::vector<std::uint64_t>& words)
{
    std::vector<std::int64_t> result;
    for (const auto word : words) result.push_back(rule.ring().decoded(word));
    return result;
}

}  // namespace

TEST_CASE("A difference is clipped, rounded to the nearest step and weighed", "[masking]")
{
    const FixedPointRule rule{{.value_limit = 1, .fraction_bits = 2}, 100};
    const std::vector<float> global{10, 10, 10, 10, 10, 10, 10, 10};
    const std::vector<float> update{10.5, 9.75, 10.125, 10.375, 9.875, 10.2, 12, -100};
    // By hand, in quarters: 2, -1, 0.5 to the even 0, 1.5 to the even 2, -0.5 to the even 0, 0.8 to 1, and the
    // limit's 4.
    const auto encoded = rule.encoded(update, global, 3);
    REQUIRE(encoded);
    CHECK(numbers(rule, encoded->words) == std::vector<std::int64_t>{6, -3, 0, 6, 0, 3, 12, -12});
    CHECK(encoded->clipped == 2);
}

TEST_CASE("It is the difference that is clipped and not the parameter", "[masking]")
{
    const FixedPointRule rule{{}, 1};
    const auto encoded = rule.encoded(std::vector<float>{1000.5F}, std::vector<float>{1000}, 1);
    REQUIRE(encoded);
    CHECK(encoded->clipped == 0);
    CHECK(numbers(rule, encoded->words) == std::vector<std::int64_t>{1 << 20});
}

TEST_CASE("An infinite difference is clipped and one that is no number is refused", "[masking]")
{
    const FixedPointRule rule{{}, 1};
    constexpr float infinity = std::numeric_limits<float>::infinity();
    const std::vector<float> global{0, 0};
    const auto encoded = rule.encoded(std::vector<float>{infinity, -infinity}, global, 1);
    REQUIRE(encoded);
    CHECK(numbers(rule, encoded->words) == std::vector<std::int64_t>{1 << 21, -(1 << 21)});
    CHECK(encoded->clipped == 2);
    CHECK_FALSE(rule.encoded(std::vector<float>{0, std::nanf("")}, global, 1));
    CHECK_FALSE(rule.encoded(std::vector<float>{infinity, 0}, std::vector<float>{infinity, 0}, 1));
}

TEST_CASE("The largest sums of either sign fit into the ring and come out with their sign", "[masking]")
{
    struct Case {
        double limit;
        std::uint32_t fraction_bits;
        std::uint64_t total_weight;
        std::uint32_t bits;
    };
    // 1 + 21 + 10 bits for a thousand equal weights; 1 + 21 + 16 for 60,000 samples; 2^21 * 1023 is just below 2^31.
    const auto [limit, fraction_bits, total_weight, bits] =
        GENERATE(values<Case>({{1, 21, 1000, 32},
                               {1, 21, 1023, 32},
                               {1, 21, 1024, 33},
                               {1, 21, 60'000, 38},
                               {1.5, 21, 60'000, 39},
                               {0.25, 2, 1, 2},
                               {4, 40, (std::uint64_t{1} << 21) - 1, 64}}));
    const FixedPointRule rule{{.value_limit = limit, .fraction_bits = fraction_bits}, total_weight};
    REQUIRE(rule.ring().bits() == bits);
    const std::vector<float> global{0, 0};
    const std::vector<float> update{100, -100};
    // Of two nodes, so that it is the sum that reaches the edge.
    const auto first = rule.encoded(update, global, total_weight - total_weight / 3);
    const auto second = rule.encoded(update, global, total_weight / 3);
    REQUIRE(first);
    REQUIRE(second);
    const auto largest = static_cast<std::int64_t>(std::ldexp(limit, static_cast<int>(fraction_bits))) *
                         static_cast<std::int64_t>(total_weight);
    CHECK(rule.ring().decoded(first->words[0] + second->words[0]) == largest);
    CHECK(rule.ring().decoded(first->words[1] + second->words[1]) == -largest);
}

TEST_CASE("The sum over the total weight moves the global model", "[masking]")
{
    const FixedPointRule rule{{.value_limit = 1, .fraction_bits = 2}, 4};
    // By hand: 6 quarters over 4 are 0.375, -16 quarters over 4 are -1.
    CHECK(rule.moved(std::vector<float>{10, 0.5F}, std::vector<std::int64_t>{6, -16}, 4) ==
          std::vector<double>{10.375, -0.5});
}

TEST_CASE("A mean by fixed point is within half a step of the weighted mean", "[masking]")
{
    const spec::SecureAggregation aggregation{.fraction_bits = 12};
    const std::vector<std::uint64_t> weights{3, 5, 1};
    const FixedPointRule rule{aggregation, 9};
    Stream stream{1, Purpose::engine};
    std::vector<float> global(500);
    for (auto& value : global) value = static_cast<float>(stream.normal());
    std::vector<std::uint64_t> sum(global.size());
    std::vector<double> mean(global.size());
    for (const auto weight : weights) {
        auto update = global;
        for (std::size_t i = 0; i < update.size(); ++i) {
            update[i] += static_cast<float>(0.2 * stream.normal());
            mean[i] += static_cast<double>(update[i]) * static_cast<double>(weight) / 9;
        }
        const auto encoded = rule.encoded(update, global, weight);
        REQUIRE(encoded);
        REQUIRE(encoded->clipped == 0);
        for (std::size_t i = 0; i < sum.size(); ++i) sum[i] += encoded->words[i];
    }
    const auto moved = rule.moved(global, numbers(rule, sum), 9);
    double worst = 0;
    for (std::size_t i = 0; i < mean.size(); ++i) worst = std::max(worst, std::abs(moved[i] - mean[i]));
    CHECK(worst < 0x1p-13 + 1e-6);
    CHECK(worst > 0x1p-16);  // rounding does happen
}
