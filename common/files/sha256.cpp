#include "common/files/sha256.hpp"

#include <openssl/evp.h>

#include <array>
#include <memory>
#include <string_view>

#include "common/error/error.hpp"

namespace fedgram::files {

std::string sha256(std::initializer_list<std::span<const std::byte>> parts)
{
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(), EVP_MD_CTX_free};
    std::array<unsigned char, 32> digest{};
    bool good = context && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
    for (const auto part : parts) good = good && EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1;
    if (!good || EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) != 1)
        throw SystemError{"OpenSSL computes no SHA-256; check the installation of libssl3"};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const auto byte : digest) (text += digits[byte >> 4]) += digits[byte & 15];
    return text;
}

std::string sha256(std::span<const std::byte> bytes) { return sha256({bytes}); }

}  // namespace fedgram::files
