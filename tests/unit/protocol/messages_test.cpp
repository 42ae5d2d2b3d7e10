#include "common/protocol/messages.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using protocol::MessageType;

namespace {

protocol::Frame welcome(std::uint32_t heartbeat_ms)
{
    wire::Welcome message;
    message.set_spec_json("{}");
    message.set_heartbeat_ms(heartbeat_ms);
    return {MessageType::welcome, message.SerializeAsString(), {}};
}

}  // namespace

TEST_CASE("A welcome without a wait between heartbeats is malformed")
{
    CHECK(protocol::parse<wire::Welcome>(welcome(1)).heartbeat_ms() == 1);
    CHECK_THROWS_AS(protocol::parse<wire::Welcome>(welcome(0)), ProtocolError);
    CHECK_THROWS_WITH(protocol::parse<wire::Welcome>(welcome(0)),
                      "a malformed welcome: heartbeat_ms: 0 is not valid; use at least 1");
}

TEST_CASE("A header that is no such message is malformed")
{
    CHECK_THROWS_WITH(protocol::parse<wire::Welcome>({MessageType::welcome, "\xff", {}}),
                      "a malformed fedgram.wire.Welcome message");
}
