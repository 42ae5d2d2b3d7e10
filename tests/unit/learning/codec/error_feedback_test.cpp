#include "common/learning/codec/error_feedback.hpp"

#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using spec::Quantizer;
using spec::Sparsifier;

namespace {

using Values = std::vector<float>;

const std::vector<Values> worked_rounds{{.5f, -.2f, .3f, .1f}, {.1f, -.2f, .25f, .1f}, {0, -.2f, .05f, .1f}};

void check_near(const Values& values, const std::vector<double>& expected)
{
    REQUIRE(values.size() == expected.size());
    for (std::size_t i = 0; i < values.size(); ++i)
        CHECK(static_cast<double>(values[i]) == Approx(expected[i]).margin(1e-7));
}

}  // namespace

TEST_CASE("top-k with error feedback sends in three rounds what the worked example sends", "[codec]")
{
    const Codec codec{{.sparsifier = Sparsifier::top_k, .fraction = 0.25, .error_feedback = true}, 4};
    REQUIRE(codec.needs_residual());
    const std::vector<std::vector<double>> sent{{.5, 0, 0, 0}, {0, 0, .55, 0}, {0, -.6, 0, 0}};
    const std::vector<std::vector<double>> left{{0, -.2, .3, .1}, {.1, -.4, 0, .2}, {.1, 0, .05, .3}};
    Values residual;
    std::vector<double> sum(4);
    for (std::uint32_t round = 0; round < 3; ++round) {
        const auto feedback = encode_with_feedback(codec, worked_rounds[round], residual, {1, round, 0});
        Values values(4);
        codec.decode(feedback.message, {1, round, 0}, values);
        check_near(values, sent[round]);
        check_near(feedback.residual, left[round]);
        residual = feedback.residual;
        for (std::size_t i = 0; i < 4; ++i) sum[i] += static_cast<double>(values[i]);
    }
    for (std::size_t i = 0; i < 4; ++i) sum[i] += static_cast<double>(residual[i]);
    check_near({.6f, -.6f, .6f, .3f}, sum);
}

TEST_CASE("without error feedback the last of the worked example's parameters is never sent", "[codec]")
{
    const Codec codec{{.sparsifier = Sparsifier::top_k, .fraction = 0.25}, 4};
    CHECK_FALSE(codec.needs_residual());
    Values sum(4);
    for (const auto& difference : worked_rounds) {
        Values values(4);
        codec.decode(codec.encode(difference, {}), {}, values);
        for (std::size_t i = 0; i < 4; ++i) sum[i] += values[i];
    }
    check_near(sum, {.5, -.2 - .2 + .2, .25, 0});
}

TEST_CASE("what was sent and the residual are the sum of all differences", "[codec]")
{
    const auto sparsifier = GENERATE(Sparsifier::none, Sparsifier::top_k, Sparsifier::random_k);
    const auto quantizer =
        GENERATE(Quantizer::none, Quantizer::fp16, Quantizer::int8, Quantizer::int4, Quantizer::qsgd, Quantizer::sign);
    const Codec codec{
        {.sparsifier = sparsifier, .fraction = 0.1, .quantizer = quantizer, .block = 8, .error_feedback = true}, 100};
    Stream random{1, Purpose::probe};
    Values residual;
    std::vector<double> differences(100);
    std::vector<double> sent(100);
    for (std::uint32_t round = 0; round < 20; ++round) {
        Values difference(100);
        // Multiples of 2^-10: their sums are exact.
        for (auto& value : difference) value = (static_cast<float>(random.below(2048)) - 1024) * 0x1p-10f;
        const CodecKey key{1, round, 5};
        auto feedback = encode_with_feedback(codec, difference, residual, key);
        Values values(100);
        codec.decode(feedback.message, key, values);
        for (std::size_t i = 0; i < 100; ++i) {
            differences[i] += static_cast<double>(difference[i]);
            sent[i] += static_cast<double>(values[i]);
        }
        residual = std::move(feedback.residual);
    }
    const double margin = quantizer == Quantizer::none || quantizer == Quantizer::fp16 ? 0 : 1e-4;
    for (std::size_t i = 0; i < 100; ++i)
        REQUIRE(sent[i] + static_cast<double>(residual[i]) == Approx(differences[i]).margin(margin).epsilon(0));
}

TEST_CASE("a difference that can't be sent leaves the residual as it was", "[codec]")
{
    const Codec codec{{.quantizer = Quantizer::sign, .error_feedback = true}, 2};
    const Values diverged{std::numeric_limits<float>::quiet_NaN(), 1};
    const auto feedback = encode_with_feedback(codec, diverged, Values{.5f, -.25f}, {});
    CHECK(feedback.message.empty());
    CHECK(feedback.residual == Values{.5f, -.25f});
    CHECK(encode_with_feedback(codec, diverged, {}, {}).residual == Values(2));
}
