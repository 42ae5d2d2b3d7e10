#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "common/masking/mask_key.hpp"
#include "common/masking/ring.hpp"

struct evp_cipher_ctx_st;  // OpenSSL's

namespace fedgram::masking {

/// The bytes of a mask: AES-128 in counter mode (NIST SP 800-38A, 6.5), by OpenSSL.
class MaskStream {
public:
    /// Throws SystemError where OpenSSL has no AES.
    explicit MaskStream(const MaskKey& key);

    /// Writes the next bytes.
    void next(std::span<unsigned char> bytes);

private:
    struct Free {
        void operator()(evp_cipher_ctx_st* context) const;
    };
    std::unique_ptr<evp_cipher_ctx_st, Free> context_;
};

/// Bytes that a mask draws for each value: a word of 32 bits where the ring has no more, else of 64.
[[nodiscard]] inline std::size_t mask_bytes_per_value(Ring ring) { return ring.bits() <= 32 ? 4 : 8; }

enum class MaskSign { add, subtract };

struct SignedMask {
    MaskKey key;
    MaskSign sign = MaskSign::add;
};

/// Adds masks to elements of `ring`, and subtracts them. Value i takes a mask's bytes from i * mask_bytes_per_value on
/// as a little-endian word. The order of the masks doesn't matter.
void apply(std::span<const SignedMask> masks, Ring ring, std::span<std::uint64_t> words);

}  // namespace fedgram::masking
