#include "client/training/update_encoder.hpp"

#include <catch2/catch.hpp>
#include <cstring>
#include <limits>

#include "tests/support/temporary_folder.hpp"

using namespace fedgram;
using namespace fedgram::client;
using fedgram::test::TemporaryFolder;
using learning::Codec;
using spec::Quantizer;
using spec::Sparsifier;
using Values = std::vector<float>;

namespace {

constexpr std::uint64_t seed = 7;
constexpr spec::Compression one_of_four{.sparsifier = Sparsifier::top_k, .fraction = 0.25, .error_feedback = true};

Task task(std::uint32_t round, std::uint32_t counted = 0, std::uint32_t settled = 0)
{
    return {.round = round, .node = 3, .counted_round = counted, .settled_round = settled};
}

/// The global model is 1 everywhere, so that differences are exact.
NodeResult result(const Values& difference)
{
    NodeResult result;
    for (const auto value : difference) result.parameters.push_back(1 + value);
    return result;
}

/// What the coordinator makes of it.
Values sent(const spec::Compression& compression, const NodeResult& result, std::uint32_t round)
{
    Values values(4);
    const auto bytes = std::as_bytes(std::span{result.parameters}).first(result.encoded_bytes.value());
    Codec{compression, 4}.decode(bytes, {seed, round, 3}, values);
    return values;
}

class Encoder {
public:
    Values sent_of(const Values& difference, const Task& of)
    {
        auto encoded = result(difference);
        encoder_.encode(encoded, Values(4, 1.0f), of);
        lost = encoded.state_lost;
        return encoded.encoded_bytes == 0 ? Values{} : sent(one_of_four, encoded, of.round);
    }

    bool lost = false;
    TemporaryFolder folder;

private:
    UpdateEncoder encoder_{Codec{one_of_four, 4}, seed, ResidualStore{folder.path()}};
};

}  // namespace

TEST_CASE("An encoded update is the message of its difference, at the beginning of its parameters", "[client]")
{
    const spec::Compression compression{.quantizer = Quantizer::int8, .block = 4};
    UpdateEncoder encoder{Codec{compression, 4}, seed, std::nullopt};
    const Values difference{0.5f, -0.25f, 0, 0.125f};
    auto encoded = result(difference);
    encoder.encode(encoded, Values(4, 1.0f), task(9));
    const auto expected = Codec{compression, 4}.encode(difference, {seed, 9, 3});
    REQUIRE(encoded.encoded_bytes == expected.size());
    CHECK(expected.size() == 8);  // a scale, and four codes
    CHECK(encoded.parameters.size() == 4);
    CHECK(std::memcmp(encoded.parameters.data(), expected.data(), expected.size()) == 0);
    CHECK_FALSE(encoded.state_lost);
}

TEST_CASE("A message of 5 bytes of one parameter lies in two floats", "[client]")
{
    UpdateEncoder encoder{Codec{{.quantizer = Quantizer::sign}, 1}, seed, std::nullopt};
    auto encoded = result({0.5f});
    encoder.encode(encoded, Values(1, 1.0f), task(1));
    CHECK(encoded.encoded_bytes == 5);
    CHECK(encoded.parameters.size() == 2);
}

TEST_CASE("A node goes on with what it had left when its last update counted", "[client]")
{
    Encoder encoder;
    CHECK(encoder.sent_of({4, 1, 0, 0}, task(1)) == Values{4, 0, 0, 0});
    // The first counted: 1 is left of it.
    CHECK(encoder.sent_of({0, 1, 1.5f, 0}, task(2, 1)) == Values{0, 2, 0, 0});
    // The second did not: its rest, 1.5, is none. What counts is still the first.
    CHECK(encoder.sent_of({0, 1, 0, 0}, task(3, 1)) == Values{0, 2, 0, 0});
    CHECK_FALSE(encoder.lost);
    // A coordinator that goes on from a checkpoint asks for the second round again.
    CHECK(encoder.sent_of({0, 1, 1.5f, 0}, task(2, 1)) == Values{0, 2, 0, 0});
    // That one counted.
    CHECK(encoder.sent_of({1, 0, 0, 0}, task(3, 2)) == Values{0, 0, 1.5f, 0});
    CHECK_FALSE(encoder.lost);
}

TEST_CASE("A node whose residual isn't where it should be begins anew, and says so", "[client]")
{
    Encoder encoder;
    CHECK(encoder.sent_of({0, 1, 0, 2}, task(6, 5)) == Values{0, 0, 0, 2});
    CHECK(encoder.lost);
    CHECK(encoder.sent_of({0, 0, 0.5f, 0}, task(7, 6)) == Values{0, 1, 0, 0});
    CHECK_FALSE(encoder.lost);
}

TEST_CASE("Residuals that no checkpoint needs go", "[client]")
{
    Encoder encoder;
    for (std::uint32_t round = 1; round <= 4; ++round)
        static_cast<void>(encoder.sent_of({4, 1, 0, 0}, task(round, round - 1, round == 4 ? 2 : 0)));
    CHECK_FALSE(std::filesystem::exists(encoder.folder / "3" / "1"));
    for (const std::string round : {"2", "3", "4"}) CHECK(std::filesystem::exists(encoder.folder / "3" / round));
}

TEST_CASE("A difference that is no finite number is an empty message, and leaves no residual", "[client]")
{
    Encoder encoder;
    CHECK(encoder.sent_of({4, 1, 0, 0}, task(1)) == Values{4, 0, 0, 0});
    CHECK(encoder.sent_of({0, 0, std::numeric_limits<float>::quiet_NaN(), 0}, task(2, 1)).empty());
    CHECK_FALSE(std::filesystem::exists(encoder.folder / "3" / "2"));
    CHECK(encoder.sent_of({0, 0, 0, 0.5f}, task(3, 1)) == Values{0, 1, 0, 0});
}
