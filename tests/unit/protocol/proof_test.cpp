#include "common/protocol/proof.hpp"

#include <catch2/catch.hpp>

using namespace fedgram;
using namespace fedgram::protocol;

namespace {

const std::optional<Secret> shared = Secret::from_hex(std::string(64, '5'));
const std::string nonce(nonce_size, 'n');

wire::Hello hello_of_node(std::uint32_t node)
{
    wire::Hello hello;
    hello.set_nonce(std::string(nonce_size, 'c'));
    hello.add_nodes()->set_first(node);
    return hello;
}

Frame arrived(const OutgoingFrame& sent) { return {sent.type, sent.header, {}}; }

Frame handshake_hello(const std::optional<Secret>& secret, const std::string& challenge)
{
    return arrived(handshake_frame(MessageType::hello, hello_of_node(3), secret, challenge));
}

}  // namespace

TEST_CASE("Who knows the secret and answers this challenge is believed", "[protocol]")
{
    const auto hello = parse_handshake<wire::Hello>(handshake_hello(shared, nonce), shared, nonce);
    CHECK(hello.nodes(0).first() == 3);
}

TEST_CASE("A proof is HMAC-SHA256 over type, nonce and message", "[protocol]")
{
    // Python's hmac.new(32 times 0x55, text, hashlib.sha256), the text being 0x01, 32 times 'n', "message".
    const std::string expected = "5180bb209e6eaaeb06e668b7c2b765d5be2883ab1712b5b59a61ebca9ec1a808";
    std::string hex;
    for (const unsigned char byte : proof(*shared, MessageType::hello, nonce, "message")) {
        hex += "0123456789abcdef"[byte >> 4];
        hex += "0123456789abcdef"[byte & 15];
    }
    CHECK(hex == expected);
}

TEST_CASE("Who lacks the secret, or has another, is not believed", "[protocol]")
{
    const auto another = Secret::from_hex(std::string(63, '5') + "6");
    CHECK_THROWS_AS(verified_bytes(handshake_hello(another, nonce), shared, nonce), HandshakeError);
    CHECK_THROWS_AS(verified_bytes(handshake_hello(std::nullopt, nonce), shared, nonce), HandshakeError);
}

TEST_CASE("A proof that was heard once proves nothing the next time", "[protocol]")
{
    CHECK_THROWS_AS(verified_bytes(handshake_hello(shared, nonce), shared, fresh_nonce()), HandshakeError);
    CHECK(fresh_nonce() != fresh_nonce());
}

TEST_CASE("A proof holds for the very message: not for other nodes, and not for the other side's", "[protocol]")
{
    auto frame = handshake_hello(shared, nonce);
    auto signed_message = parse<wire::HandshakeMessage>(frame);
    signed_message.set_message(hello_of_node(4).SerializeAsString());
    auto changed = frame;
    changed.header = signed_message.SerializeAsString();
    CHECK_THROWS_AS(verified_bytes(changed, shared, nonce), HandshakeError);

    auto reflected = frame;
    reflected.type = MessageType::welcome;
    CHECK_THROWS_AS(verified_bytes(reflected, shared, nonce), HandshakeError);
}

TEST_CASE("A nonce of another length is refused: it could shift bytes between nonce and message", "[protocol]")
{
    CHECK_THROWS_AS(proof(*shared, MessageType::hello, nonce + "x", "message"), ProtocolError);
    CHECK_THROWS_AS(proof(*shared, MessageType::hello, "", "message"), ProtocolError);
}
