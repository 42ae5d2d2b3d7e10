#include "common/learning/codec/codec.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "common/error/error.hpp"
#include "common/learning/codec/index_code.hpp"
#include "common/random/stream.hpp"

using namespace fedgram;
using namespace fedgram::learning;
using spec::Compression;
using spec::Quantizer;
using spec::Sparsifier;

namespace {

constexpr CodecKey key{.seed = 1, .round = 2, .node = 3};
const std::vector<float> short_difference{.5f, -.2f, .3f, .1f, 0, -1, .0039f, .25f, 1e-3f, -.75f};

/// All that can be written in a specification.
std::vector<Compression> all_compressions()
{
    std::vector<Compression> all;
    for (const auto sparsifier : {Sparsifier::none, Sparsifier::top_k, Sparsifier::random_k})
        for (const auto quantizer : {Quantizer::none, Quantizer::fp16, Quantizer::bf16, Quantizer::int8,
                                     Quantizer::int4, Quantizer::qsgd, Quantizer::sign})
            all.push_back({.sparsifier = sparsifier,
                           .fraction = 0.3,
                           .quantizer = quantizer,
                           .block = 4,
                           .levels = 20,
                           .error_feedback = sparsifier != Sparsifier::none || quantizer == Quantizer::sign});
    return all;
}

std::vector<float> normal_values(std::size_t count)
{
    Stream random{1, Purpose::probe};
    std::vector<float> values(count);
    for (auto& value : values) value = static_cast<float>(random.normal());
    return values;
}

std::vector<float> decoded(const Codec& codec, const std::vector<std::byte>& message, CodecKey whose = key)
{
    std::vector<float> difference(codec.parameters(), -7);
    codec.decode(message, whose, difference);
    return difference;
}

std::string hex(const std::vector<std::byte>& bytes)
{
    std::string text;
    for (const auto byte : bytes)
        for (const auto half : {byte >> 4, byte & std::byte{0xf}})
            text += "0123456789abcdef"[std::to_integer<unsigned>(half)];
    return text;
}

/// Whether a message is refused by its type of error, or decoded to finite values.
bool is_handled(const Codec& codec, const std::vector<std::byte>& message)
{
    try {
        return std::ranges::all_of(decoded(codec, message), [](float value) { return std::isfinite(value); });
    } catch (const DataError&) {
        return true;
    }
}

bool is_refused(const Codec& codec, const std::vector<std::byte>& message)
{
    try {
        static_cast<void>(decoded(codec, message));
        return false;
    } catch (const DataError&) {
        return true;
    }
}

}  // namespace

TEST_CASE("the bytes for 582,026 parameters are those of the table", "[codec]")
{
    const auto [compression, bytes, is_fixed] = GENERATE(table<Compression, std::uint64_t, bool>({
        {{}, 2'328'104, true},
        {{.quantizer = Quantizer::fp16}, 1'164'052, true},
        {{.quantizer = Quantizer::bf16}, 1'164'052, true},
        {{.quantizer = Quantizer::int8}, 591'122, true},
        {{.quantizer = Quantizer::int4}, 300'109, true},
        {{.quantizer = Quantizer::qsgd}, 582'031, false},
        {{.quantizer = Quantizer::sign}, 72'758, true},
        {{.sparsifier = Sparsifier::top_k}, 29'499, false},
        {{.sparsifier = Sparsifier::random_k}, 23'280, true},
        {{.sparsifier = Sparsifier::top_k, .quantizer = Quantizer::int8}, 12'131, false},
        {{.sparsifier = Sparsifier::random_k, .quantizer = Quantizer::int8}, 5'912, true},
    }));
    const Codec codec{compression, 582'026};
    CAPTURE(spec::name(compression));
    CHECK(codec.largest_bytes() == bytes);
    CHECK(codec.is_fixed_size() == is_fixed);
}

TEST_CASE("a normal difference of 582,026 parameters takes the bytes that the table has for one", "[codec]")
{
    const auto difference = normal_values(582'026);
    const auto size = [&](const Compression& compression) {
        return Codec{compression, 582'026}.encode(difference, key).size();
    };
    CHECK(size({.quantizer = Quantizer::qsgd}) == Approx(101'700).epsilon(.002));
    CHECK(size({.sparsifier = Sparsifier::top_k}) == Approx(29'180).epsilon(.002));
    CHECK(size({.sparsifier = Sparsifier::top_k, .quantizer = Quantizer::int8}) == Approx(11'810).epsilon(.004));
}

TEST_CASE("a message is no larger than the largest, and as large where the size is fixed", "[codec]")
{
    for (const auto& compression : all_compressions())
        for (const std::size_t count : {1u, 2u, 7u, 9u, 100u}) {
            const Codec codec{compression, static_cast<std::uint32_t>(count)};
            CAPTURE(spec::name(compression), count);
            const auto size = codec.encode(normal_values(count), key).size();
            CHECK(size <= codec.largest_bytes());
            CHECK((!codec.is_fixed_size() || size == codec.largest_bytes()));
        }
}

TEST_CASE("both sides hold the same values: those decoded are decoded again", "[codec]")
{
    // What was rounded lies on a code, but for a new norm or scale: 16-bit floats and kept values stay as they are.
    for (const auto sparsifier : {Sparsifier::none, Sparsifier::top_k, Sparsifier::random_k})
        for (const auto quantizer : {Quantizer::none, Quantizer::fp16, Quantizer::bf16}) {
            const Codec codec{{.sparsifier = sparsifier,
                               .fraction = 0.2,
                               .quantizer = quantizer,
                               .error_feedback = sparsifier != Sparsifier::none},
                              1000};
            const auto once = decoded(codec, codec.encode(normal_values(1000), key));
            CHECK(std::ranges::count_if(once, [](float value) { return value != 0; }) ==
                  (sparsifier == Sparsifier::none ? 1000 : 200));
            CHECK(decoded(codec, codec.encode(once, key)) == once);
        }
}

TEST_CASE("a chain sends the kept values by its quantizer", "[codec]")
{
    const auto difference = normal_values(1000);
    const Compression chain{.sparsifier = Sparsifier::top_k,
                            .fraction = 0.05,
                            .quantizer = Quantizer::int8,
                            .block = 16,
                            .error_feedback = true};
    const auto kept = decoded(Codec{{.sparsifier = Sparsifier::top_k, .fraction = 0.05}, 1000},
                              Codec{{.sparsifier = Sparsifier::top_k, .fraction = 0.05}, 1000}.encode(difference, key));
    const auto sent = decoded(Codec{chain, 1000}, Codec{chain, 1000}.encode(difference, key));
    for (std::size_t i = 0; i < 1000; ++i) {
        REQUIRE((kept[i] == 0 || kept[i] == difference[i]));
        REQUIRE((sent[i] == 0) == (kept[i] == 0));
        REQUIRE(std::fabs(sent[i] - kept[i]) < 4.0f / 127);  // no value is beyond 4
    }
}

TEST_CASE("random-k without error feedback is right on average, and with it sends values as they are", "[codec]")
{
    const Compression plain{.sparsifier = Sparsifier::random_k, .fraction = 0.3};
    const Codec codec{plain, 10};
    std::vector<double> sums(10);
    constexpr std::uint32_t draws = 20000;
    for (std::uint32_t round = 0; round < draws; ++round) {
        const CodecKey whose{.seed = 1, .round = round, .node = 0};
        const auto each = decoded(codec, codec.encode(short_difference, whose), whose);
        for (std::size_t i = 0; i < 10; ++i) sums[i] += static_cast<double>(each[i]);
    }
    for (std::size_t i = 0; i < 10; ++i) {
        const auto value = static_cast<double>(short_difference[i]);
        // A variance of d/k - 1 = 7/3 times the square; five standard deviations of the mean.
        const double spread = 5 * std::fabs(value) * std::sqrt(7.0 / 3 / draws);
        CHECK(sums[i] / draws == Approx(value).margin(spread + 1e-7));
    }
    auto with_feedback = plain;
    with_feedback.error_feedback = true;
    const Codec faithful{with_feedback, 10};
    const auto sent = decoded(faithful, faithful.encode(short_difference, key));
    const auto scaled = decoded(codec, codec.encode(short_difference, key));
    for (std::size_t i = 0; i < 10; ++i) {
        CHECK((sent[i] == 0 || sent[i] == short_difference[i]));
        CHECK(scaled[i] == Approx(static_cast<double>(sent[i]) * 10 / 3));
    }
}

TEST_CASE("the same key gives the same bytes, and another seed, round or node others", "[codec]")
{
    const auto difference = normal_values(200);
    for (const auto& compression : {Compression{.quantizer = Quantizer::int8},
                                    Compression{.sparsifier = Sparsifier::random_k, .fraction = 0.1}}) {
        const Codec codec{compression, 200};
        const auto message = codec.encode(difference, key);
        CHECK(codec.encode(difference, key) == message);
        CHECK(codec.encode(difference, {2, 2, 3}) != message);
        CHECK(codec.encode(difference, {1, 3, 3}) != message);
        CHECK(codec.encode(difference, {1, 2, 4}) != message);
    }
}

TEST_CASE("messages are these bytes, on every CPU", "[codec]")
{
    const auto [compression, bytes] = GENERATE(table<Compression, std::string>({
        {{.quantizer = Quantizer::int8, .block = 4}, "0402813b0402013c0683c13b7fcd4c19008100200081"},
        {{.quantizer = Quantizer::int4, .block = 4}, "2549923d2549123eb76ddb3dd714902090"},
        {{.quantizer = Quantizer::qsgd}, "0097b2b53fac6d99887f2580957f3c"},
        {{.sparsifier = Sparsifier::random_k, .fraction = 0.3, .quantizer = Quantizer::bf16, .error_feedback = true},
         "9a3e803b833a"},
        {{.sparsifier = Sparsifier::top_k, .fraction = 0.3, .quantizer = Quantizer::sign, .error_feedback = true},
         "0091010000403f06"},
    }));
    CHECK(hex(Codec{compression, 10}.encode(short_difference, key)) == bytes);
}

TEST_CASE("a difference that isn't finite, or far too large, is an empty message, which is refused", "[codec]")
{
    for (const auto& compression : all_compressions()) {
        const Codec codec{compression, 10};
        for (const float bad :
             {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity(), 0x1p31f}) {
            auto difference = short_difference;
            difference[9] = bad;
            CHECK(codec.encode(difference, key).empty());
        }
        CHECK_THROWS_WITH(decoded(codec, {}),
                          "an update by " + spec::name(compression) +
                              ": is empty: its sender's training gave a value that is not finite, or far too large");
        // What is just small enough is sent.
        const std::vector<float> large(10, std::nextafter(0x1p31f, 0.0f));
        CHECK(std::ranges::all_of(decoded(codec, codec.encode(large, key)), [](float v) { return std::isfinite(v); }));
    }
}

TEST_CASE("every truncated or longer message is refused, and every changed bit is handled", "[codec]")
{
    for (const auto& compression : all_compressions()) {
        const Codec codec{compression, 40};
        CAPTURE(spec::name(compression));
        const auto message = codec.encode(normal_values(40), key);
        for (std::size_t size = 0; size < message.size(); ++size)
            REQUIRE(is_refused(codec, {message.begin(), message.begin() + static_cast<std::ptrdiff_t>(size)}));
        auto longer = message;
        longer.emplace_back();
        REQUIRE(is_refused(codec, longer));
        for (std::size_t place = 0; place < message.size(); ++place)
            for (unsigned change = 1; change < 256; ++change) {
                auto damaged = message;
                damaged[place] ^= static_cast<std::byte>(change);
                REQUIRE(is_handled(codec, damaged));
            }
    }
}

TEST_CASE("a refusal says which message it is of, and what is wrong", "[codec]")
{
    const Codec floats{{}, 3};
    const std::vector<float> bad{1, 2, std::numeric_limits<float>::infinity()};
    const auto bytes = std::as_bytes(std::span{bad});
    CHECK_THROWS_WITH(decoded(floats, {bytes.begin(), bytes.end()}),
                      "an update by none: has inf for parameter 2; it must be finite");
    CHECK_THROWS_WITH(decoded(floats, {bytes.begin(), bytes.begin() + 11}),
                      "an update by none: has 11 bytes; it must be 12 for 3 parameters");
    const Codec kept{{.sparsifier = Sparsifier::top_k, .fraction = 0.5, .quantizer = Quantizer::int8}, 4};
    CHECK_THROWS_WITH(decoded(kept, std::vector<std::byte>(20)),
                      "an update by top-k + int8: has 20 bytes; it must be at most 8 for 4 parameters");
    CHECK_THROWS_WITH(decoded(kept, {std::byte{0}, std::byte{0b11}, std::byte{1}}),
                      "an update by top-k + int8: has 1 bytes of values; they must be 6");
}

TEST_CASE("the work of a message is what the counts say", "[codec]")
{
    using energy::Work;
    // By hand, of 1000 parameters, 100 of them kept; int8's messages have 4 scales, or 1.
    const Codec whole{{.quantizer = Quantizer::int8}, 1000};
    CHECK(whole.encode_work() == Work{.flops = 5000, .memory_bytes = 8000 + 1016, .kernels = 2});
    CHECK(whole.decode_work() == Work{.flops = 1000, .memory_bytes = 1016 + 4000, .kernels = 1});
    const Compression chain{.sparsifier = Sparsifier::top_k, .fraction = 0.1, .quantizer = Quantizer::int8};
    const Codec kept{chain, 1000};
    const auto indices = largest_index_bytes(100, 1000);
    const auto message = indices + 104;
    CHECK(kept.encode_work() ==
          Work{.flops = 10000 + 500, .memory_bytes = 20000 + 400 + 800 + message, .kernels = 2 + 2});
    CHECK(kept.decode_work() == Work{.flops = 100, .memory_bytes = message + 400 + 4000 + 800, .kernels = 3});
    auto with_feedback = chain;
    with_feedback.error_feedback = true;
    auto expected = kept.encode_work();
    expected += kept.decode_work();
    expected += Work{.flops = 2000, .memory_bytes = 24000, .kernels = 2};
    CHECK(Codec{with_feedback, 1000}.encode_work() == expected);
    const Codec drawn{{.sparsifier = Sparsifier::random_k, .fraction = 0.1}, 1000};
    CHECK(drawn.encode_work() == Work{.flops = 100, .memory_bytes = 800 + 400 + 400, .kernels = 2});
}
