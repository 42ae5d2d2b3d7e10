#include "common/protocol/proof.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

namespace fedgram::protocol {

namespace {

unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

}  // namespace

std::string fresh_nonce()
{
    std::string nonce(nonce_size, '\0');
    if (::RAND_bytes(bytes_of(nonce), static_cast<int>(nonce_size)) != 1)
        throw SystemError{"this machine has no random bytes for a challenge"};
    return nonce;
}

std::string proof(const Secret& secret, MessageType type, const std::string& peer_nonce, const std::string& message)
{
    if (peer_nonce.size() != nonce_size)
        throw ProtocolError{"a nonce of " + std::to_string(peer_nonce.size()) + " bytes where " +
                            std::to_string(nonce_size) + " were expected"};
    auto text = static_cast<char>(type) + peer_nonce + message;
    std::string digest(EVP_MAX_MD_SIZE, '\0');
    unsigned int length = 0;
    if (!::HMAC(::EVP_sha256(), secret.bytes().data(), static_cast<int>(Secret::size), bytes_of(text), text.size(),
                bytes_of(digest), &length))
        throw SystemError{"OpenSSL can't compute an HMAC-SHA256"};
    digest.resize(length);
    return digest;
}

OutgoingFrame handshake_frame(MessageType type, const google::protobuf::MessageLite& message,
                              const std::optional<Secret>& secret, const std::string& peer_nonce)
{
    wire::HandshakeMessage signed_message;
    signed_message.set_message(message.SerializeAsString());
    if (secret) signed_message.set_proof(proof(*secret, type, peer_nonce, signed_message.message()));
    return frame(type, signed_message);
}

std::string verified_bytes(const Frame& frame, const std::optional<Secret>& secret, const std::string& own_nonce)
{
    auto signed_message = parse<wire::HandshakeMessage>(frame);
    if (secret) {
        if (signed_message.proof().empty()) throw HandshakeError{"it gave no proof that it knows this run's secret"};
        const auto expected = proof(*secret, frame.type, own_nonce, signed_message.message());
        if (signed_message.proof().size() != expected.size() ||
            ::CRYPTO_memcmp(signed_message.proof().data(), expected.data(), expected.size()) != 0)
            throw HandshakeError{"it does not know this run's secret"};
    }
    return std::move(*signed_message.mutable_message());
}

}  // namespace fedgram::protocol
