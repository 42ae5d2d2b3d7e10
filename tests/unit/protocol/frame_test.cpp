#include "common/protocol/frame.hpp"

#include <catch2/catch.hpp>
#include <memory>

#include "common/error/error.hpp"
#include "common/protocol/messages.hpp"

using namespace fedgram;
using namespace fedgram::protocol;

namespace {

constexpr Limits limits{1000, 40, 0};

}  // namespace

TEST_CASE("A frame's header is what the page says, byte by byte", "[protocol]")
{
    const auto bytes = encode({MessageType::client_update, 0x0102, 0x28});
    const unsigned char expected[] = {'F', 'D', 'G', 'M', 3, 0, 6, 0, 2, 1, 0, 0, 0x28, 0, 0, 0, 0, 0, 0, 0};
    REQUIRE(sizeof expected == frame_header_size);
    for (std::size_t i = 0; i < frame_header_size; ++i) CHECK(std::to_integer<int>(bytes[i]) == expected[i]);
}

TEST_CASE("A header within the limits comes back as it was", "[protocol]")
{
    const auto header = decode(encode({MessageType::round_model, 1000, 40}), limits);
    CHECK(header.type == MessageType::round_model);
    CHECK(header.header_bytes == 1000);
    CHECK(header.payload_bytes == 40);
}

TEST_CASE("Lengths beyond the limits are refused before anything is allocated", "[protocol]")
{
    CHECK_THROWS_AS(decode(encode({MessageType::hello, 1001, 0}), limits), ProtocolError);
    CHECK_THROWS_AS(decode(encode({MessageType::client_update, 10, 41}), limits), PayloadSizeError);
    CHECK_THROWS_AS(decode(encode({MessageType::client_update, 10, 0}), limits), PayloadSizeError);
    CHECK_THROWS_AS(decode(encode({MessageType::heartbeat, 0, 40}), limits), ProtocolError);
    CHECK_THROWS_AS(decode(encode({MessageType::client_update, 10, ~std::uint64_t{0}}), limits), ProtocolError);
}

TEST_CASE("An encoded update has any size up to its limit, and no byte more", "[protocol]")
{
    constexpr Limits encoded{1000, 40, 41};
    for (const std::uint64_t bytes : {0, 1, 3, 40, 41}) {
        const auto header = decode(encode({MessageType::encoded_update, 10, bytes}), encoded);
        CHECK(header.type == MessageType::encoded_update);
        CHECK(header.payload_bytes == bytes);
    }
    for (const auto bytes : {std::uint64_t{42}, ~std::uint64_t{0}})
        CHECK_THROWS_AS(decode(encode({MessageType::encoded_update, 10, bytes}), encoded), PayloadSizeError);
    CHECK_THROWS_WITH(decode(encode({MessageType::encoded_update, 10, 42}), encoded),
                      "an encoded update of 42 bytes where none is longer than 41");
    CHECK_THROWS_AS(decode(encode({MessageType::encoded_update, 1001, 0}), encoded), ProtocolError);
    // The other messages' limits stay.
    CHECK_THROWS_AS(decode(encode({MessageType::client_update, 10, 41}), encoded), PayloadSizeError);
}

TEST_CASE("An encoded model has an encoded update's limits", "[protocol]")
{
    constexpr Limits encoded{1000, 40, 40};
    for (const std::uint64_t bytes : {0, 3, 40})
        CHECK(decode(encode({MessageType::encoded_model, 10, bytes}), encoded).payload_bytes == bytes);
    CHECK_THROWS_AS(decode(encode({MessageType::encoded_model, 10, 41}), encoded), PayloadSizeError);
    CHECK_THROWS_WITH(decode(encode({MessageType::encoded_model, 10, 41}), encoded),
                      "an encoded model of 41 bytes where none is longer than 40");
    CHECK_THROWS_WITH(decode(encode({MessageType::encoded_model, 10, 40}), limits),
                      "an encoded model, and no training has any");
}

TEST_CASE("Where no training compresses, an encoded update is refused even when it is empty", "[protocol]")
{
    for (const std::uint64_t bytes : {0, 1, 40}) {
        CHECK_THROWS_AS(decode(encode({MessageType::encoded_update, 10, bytes}), limits), PayloadSizeError);
        CHECK_THROWS_AS(decode(encode({MessageType::encoded_update, 10, bytes}), limits_before_trust),
                        PayloadSizeError);
    }
}

TEST_CASE("A payload of bytes lies in as many floats as hold it", "[protocol]")
{
    CHECK(floats_for(0) == 0);
    CHECK(floats_for(1) == 1);
    CHECK(floats_for(4) == 1);
    CHECK(floats_for(5) == 2);
    const Frame frame{MessageType::encoded_update, {}, std::vector<float>(2), 5};
    CHECK(frame.encoded().size() == 5);
    const auto sent = encoded_frame(MessageType::encoded_update, wire::ClientUpdate{},
                                    std::make_shared<const std::vector<float>>(2), 5);
    CHECK(sent.payload_bytes == 5);
}

TEST_CASE("A sum of updates has 12 or 16 bytes a parameter, and comes from a trusted peer alone", "[protocol]")
{
    Limits trusting = limits;
    trusting.partial_sums = true;
    CHECK(decode(encode({MessageType::partial_sum, 10, 120}), trusting).payload_bytes == 120);
    CHECK(decode(encode({MessageType::partial_sum, 10, 160}), trusting).payload_bytes == 160);
    for (const std::uint64_t bytes : {0u, 40u, 80u, 119u, 200u})
        CHECK_THROWS_AS(decode(encode({MessageType::partial_sum, 10, bytes}), trusting), PayloadSizeError);
    CHECK_THROWS_AS(decode(encode({MessageType::client_update, 10, 120}), trusting), PayloadSizeError);
    CHECK_THROWS_AS(decode(encode({MessageType::partial_sum, 10, 120}), limits), ProtocolError);
}

TEST_CASE("An inference has a payload of any length up to its limit, and none may come where nothing is served",
          "[protocol]")
{
    constexpr Limits serving{.header_bytes = 64, .inference_bytes = 40};
    for (const auto type : {MessageType::inference_request, MessageType::inference_answer}) {
        for (const std::uint64_t bytes : {0, 3, 40})
            CHECK(decode(encode({type, 10, bytes}), serving).payload_bytes == bytes);
        CHECK_THROWS_WITH(decode(encode({type, 10, 41}), serving),
                          "an inference of 41 bytes where none is longer than 40");
        CHECK_THROWS_WITH(decode(encode({type, 10, 0}), limits), "an inference, and nothing is served here");
        CHECK_THROWS_AS(decode(encode({type, 65, 0}), serving), ProtocolError);
    }
    for (const auto type : {MessageType::server_hello, MessageType::inference_refusal, MessageType::server_metrics,
                            MessageType::server_metrics_request}) {
        CHECK(decode(encode({type, 10, 0}), serving).type == type);
        CHECK_THROWS_AS(decode(encode({type, 10, 1}), serving), ProtocolError);
    }
}

TEST_CASE("Another protocol, version or message is refused", "[protocol]")
{
    auto bytes = encode({MessageType::hello, 0, 0});
    for (const std::size_t at : {0u, 4u, 6u}) {
        auto other = bytes;
        other[at] = std::byte{0xee};
        CHECK_THROWS_AS(decode(other, limits), ProtocolError);
    }
}

TEST_CASE("A message header that is no such message is refused", "[protocol]")
{
    Frame frame;
    frame.header = "\xff\xff\xff";
    CHECK_THROWS_AS(parse<wire::Hello>(frame), ProtocolError);
}
