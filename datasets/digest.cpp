#include "datasets/digest.hpp"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <array>
#include <memory>
#include <string_view>

#include "common/error/error.hpp"

namespace fedgram::datasets {

std::string sha256(std::initializer_list<std::span<const std::uint8_t>> parts)
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

Checksum checksum(std::initializer_list<std::span<const std::uint8_t>> parts)
{
    const std::unique_ptr<EVP_MAC, decltype(&EVP_MAC_free)> gmac{EVP_MAC_fetch(nullptr, "GMAC", nullptr), EVP_MAC_free};
    const std::unique_ptr<EVP_MAC_CTX, decltype(&EVP_MAC_CTX_free)> context{
        gmac ? EVP_MAC_CTX_new(gmac.get()) : nullptr, EVP_MAC_CTX_free};
    std::string cipher = "AES-128-GCM";
    std::array<unsigned char, 12> nonce{};
    constexpr std::array<unsigned char, 16> key{};
    const std::array parameters{OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, cipher.data(), cipher.size()),
                                OSSL_PARAM_construct_octet_string(OSSL_MAC_PARAM_IV, nonce.data(), nonce.size()),
                                OSSL_PARAM_construct_end()};
    bool good = context && EVP_MAC_init(context.get(), key.data(), key.size(), parameters.data()) == 1;
    for (const auto part : parts) good = good && EVP_MAC_update(context.get(), part.data(), part.size()) == 1;
    Checksum sum;
    std::size_t size = 0;
    if (!good || EVP_MAC_final(context.get(), sum.data(), &size, sum.size()) != 1 || size != sum.size())
        throw SystemError{"OpenSSL computes no GMAC; check the installation of libssl3"};
    return sum;
}

}  // namespace fedgram::datasets
