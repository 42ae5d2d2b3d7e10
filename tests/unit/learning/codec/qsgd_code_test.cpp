#include "common/learning/codec/qsgd_code.hpp"

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/codec/rounding.hpp"
#include "common/learning/updates/norms.hpp"

using namespace fedgram;
using namespace fedgram::learning;

namespace {

const std::vector<float> worked{3, -4, 0, 12};
constexpr std::uint32_t worked_levels = 4;

std::vector<std::byte> encoded(const QsgdCode& code, const std::vector<float>& values, std::uint64_t seed = 1)
{
    Stream random{seed, Purpose::quantizer};
    std::vector<std::byte> bytes;
    code.append(values, random, bytes);
    return bytes;
}

std::vector<float> decoded(const QsgdCode& code, const std::vector<std::byte>& bytes, std::size_t count)
{
    std::vector<float> values(count);
    code.read(bytes, values);
    return values;
}

std::vector<float> normal_values(std::size_t count)
{
    Stream random{1, Purpose::probe};
    std::vector<float> values(count);
    for (auto& value : values) value = static_cast<float>(random.normal());
    return values;
}

}  // namespace

TEST_CASE("the worked values have QSGD's levels, chances, variance and results", "[codec]")
{
    const auto norm = static_cast<float>(l2_norm(worked));
    REQUIRE(norm == 13);
    const std::vector<int> levels{0, 1, 0, 3};
    const std::vector<double> chances{.923077, .230769, 0, .692308};
    const std::vector<double> uniforms{.9, .3, .5, .2};
    const std::vector<float> results{3.25f, -3.25f, 0, 13};
    double variance = 0;
    for (std::size_t i = 0; i < worked.size(); ++i) {
        const double steps = qsgd_steps(worked[i], norm, worked_levels);
        const double chance = steps - std::floor(steps);
        CHECK(std::floor(steps) == levels[i]);
        CHECK(chance == Approx(chances[i]).margin(5e-7));
        variance += 13.0 / 4 * 13 / 4 * chance * (1 - chance);
        const int level = rounded(steps, uniforms[i], 4) * (worked[i] < 0 ? -1 : 1);
        CHECK(qsgd_value(level, norm, worked_levels) == results[i]);
    }
    CHECK(variance == Approx(4.875));
    CHECK(variance <= 42.25);
}

TEST_CASE("QSGD is right on average, with the variance that it has by the paper", "[codec]")
{
    const QsgdCode code{worked_levels};
    std::vector<double> sums(4);
    double squares = 0;
    constexpr int draws = 20000;
    for (int seed = 0; seed < draws; ++seed) {
        const auto each = decoded(code, encoded(code, worked, static_cast<std::uint64_t>(seed)), 4);
        for (std::size_t i = 0; i < 4; ++i) {
            sums[i] += static_cast<double>(each[i]);
            squares += std::pow(static_cast<double>(each[i]) - static_cast<double>(worked[i]), 2);
        }
    }
    for (std::size_t i = 0; i < 4; ++i)
        CHECK(sums[i] / draws == Approx(static_cast<double>(worked[i])).margin(5 * 13.0 / 4 / 2 / std::sqrt(draws)));
    CHECK(squares / draws == Approx(4.875).epsilon(.05));
}

TEST_CASE("QSGD's levels take a fixed number of bits each, or Elias's code where that is shorter", "[codec]")
{
    // By hand, one value: it is the norm, level 4 of 4, and is written as 4 + 4 in 4 bits. Elias's code has a byte as
    // well.
    const auto one = encoded(QsgdCode{4}, {2});
    CHECK(one == std::vector{std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0}, std::byte{0x40}, std::byte{8}});
    // Eight zeros behind it are a bit each: 14 bits against 36.
    auto values = std::vector<float>(9);
    values[0] = -2;
    const auto nine = encoded(QsgdCode{4}, values);
    REQUIRE(nine.size() == 5 + 2);
    CHECK(nine[0] == std::byte{1});
    // Of 4 + 1 = 101 in binary, from the lowest bit: two zeros, a one, 1 and 0; then 1 for the sign, and eight ones.
    CHECK(nine[5] == std::byte{0b11101100});
    CHECK(nine[6] == std::byte{0b00111111});
    CHECK(decoded(QsgdCode{4}, nine, 9) == values);
    // Of many values, about the paper's 2.8 bits each at as many levels as the root of their number.
    const auto many = normal_values(40000);
    CHECK(8.0 * static_cast<double>(encoded(QsgdCode{200}, many).size()) / 40000 == Approx(2.8).epsilon(.1));
}

TEST_CASE("QSGD's messages read back, of every number of levels, to values within a level", "[codec]")
{
    const auto levels = GENERATE(1u, 2u, 7u, 127u, 1000u, 32767u);
    const auto count = GENERATE(1u, 3u, 1000u);
    const QsgdCode code{levels};
    const auto values = normal_values(count);
    const auto bytes = encoded(code, values);
    CHECK(bytes.size() <= code.largest_bytes(count));
    const auto read = decoded(code, bytes, count);
    const double norm = l2_norm(values);
    for (std::size_t i = 0; i < count; ++i)
        REQUIRE(std::fabs(static_cast<double>(read[i]) - static_cast<double>(values[i])) <= norm * 1.000001 / levels);
}

TEST_CASE("zeros have the norm 0, and stay", "[codec]")
{
    const std::vector<float> zeros(10);
    CHECK(decoded(QsgdCode{127}, encoded(QsgdCode{127}, zeros), 10) == zeros);
}

TEST_CASE("a norm, a form or a level that can't be is refused", "[codec]")
{
    const QsgdCode code{5};
    const auto bytes = encoded(code, {1});
    const auto changed = [&](std::size_t place, unsigned value) {
        auto damaged = bytes;
        damaged[place] = static_cast<std::byte>(value);
        return damaged;
    };
    REQUIRE(bytes.size() == 6);
    CHECK_THROWS_WITH(decoded(code, changed(0, 2), 1), "has levels of form 2, which is not offered; it is 0 or 1");
    CHECK_THROWS_WITH(decoded(code, changed(4, 0xbf), 1), "has the norm -1.000000; it must be finite and not negative");
    CHECK_THROWS_WITH(decoded(code, changed(5, 11), 1), "has level 6, which is not offered; they are from -5 to 5");
    CHECK_THROWS_AS(decoded(code, changed(5, 0x1a), 1), DataError);  // a bit of the padding
    CHECK_THROWS_AS(decoded(code, {bytes.begin(), bytes.end() - 1}, 1), DataError);
    CHECK_THROWS_AS(decoded(code, {bytes.begin(), bytes.begin() + 4}, 1), DataError);
    auto longer = bytes;
    longer.emplace_back();
    CHECK_THROWS_WITH(decoded(code, longer, 1), "has 7 bytes of values; they must be 6");
    // Elias's code for 7 + 1, in form 1.
    auto elias = changed(0, 1);
    elias[5] = std::byte{0b00001000};
    CHECK_THROWS_AS(decoded(code, elias, 1), DataError);
}
