#include "common/learning/model/parameters.hpp"

#include <bit>

#include <openssl/evp.h>

#include "common/error/error.hpp"

namespace fedgram::learning {

static_assert(std::endian::native == std::endian::little, "parameters are hashed and sent as they lie in memory");

std::string sha256(std::span<const float> parameters) { return sha256_of(std::as_bytes(parameters)); }

std::string sha256_of(std::span<const std::byte> bytes)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest, &length, EVP_sha256(), nullptr) != 1)
        throw SystemError{"OpenSSL can't compute SHA-256; install a libcrypto that offers it"};
    constexpr char digits[] = "0123456789abcdef";
    std::string text;
    for (unsigned int i = 0; i < length; ++i) {
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 15];
    }
    return text;
}

}  // namespace fedgram::learning
