#include "common/masking/mask_key.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <cassert>
#include <cstring>

#include "common/error/error.hpp"

namespace fedgram::masking {

namespace {

/// No pair consists of the same node twice, so that such a one is free for the node's own mask.
MaskKey key_of(MaskedRound round, std::uint32_t low, std::uint32_t high)
{
    std::array<unsigned char, 20> text{};
    std::memcpy(text.data(), &round.seed, 8);
    std::memcpy(text.data() + 8, &round.round, 4);
    std::memcpy(text.data() + 12, &low, 4);
    std::memcpy(text.data() + 16, &high, 4);
    std::array<unsigned char, 32> digest{};
    if (EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1)
        throw SystemError{"OpenSSL computes no SHA-256; check the installation of libssl3"};
    MaskKey key;
    std::copy_n(digest.begin(), 16, key.key.begin());
    std::copy_n(digest.begin() + 16, 16, key.counter.begin());
    return key;
}

}  // namespace

MaskKey pairwise_key(MaskedRound round, std::uint32_t a, std::uint32_t b)
{
    assert(a != b);
    return key_of(round, std::min(a, b), std::max(a, b));
}

MaskKey self_key(MaskedRound round, std::uint32_t node) { return key_of(round, node, node); }

}  // namespace fedgram::masking
