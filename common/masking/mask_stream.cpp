#include "common/masking/mask_stream.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <vector>

#include "common/error/error.hpp"
#include "common/vector/loop_for_this_cpu.hpp"

namespace fedgram::masking {

namespace {

// A part of the words and of one mask is in the first cache (4 to 8 KiB of mask, 8 of words), and the keys of a batch
// are in the second, while all masks of the batch go over that part: so the words pass through memory once a batch.
constexpr std::size_t part_size = 1024;
constexpr std::size_t batch_size = 64;

template <class Word>
constexpr auto add_words =
    [] [[gnu::always_inline]] (const Word* __restrict mask, std::uint64_t* __restrict words, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) words[i] += mask[i];
    };

template <class Word>
constexpr auto subtract_words =
    [] [[gnu::always_inline]] (const Word* __restrict mask, std::uint64_t* __restrict words, std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) words[i] -= mask[i];
    };

/// What counter mode encrypts, so that the bytes of the stream itself come out.
constexpr std::array<unsigned char, part_size * 8> zeros{};

template <class Word>
void apply_batch(std::span<const SignedMask> masks, std::span<std::uint64_t> words)
{
    std::vector<MaskStream> streams;
    streams.reserve(masks.size());
    for (const auto& mask : masks) streams.emplace_back(mask.key);
    std::array<Word, part_size> drawn;
    for (std::size_t first = 0; first < words.size(); first += part_size) {
        const auto part = words.subspan(first, std::min(part_size, words.size() - first));
        for (std::size_t i = 0; i < masks.size(); ++i) {
            streams[i].next({reinterpret_cast<unsigned char*>(drawn.data()), part.size() * sizeof(Word)});
            if (masks[i].sign == MaskSign::add)
                for_this_cpu<add_words<Word>>(drawn.data(), part.data(), part.size());
            else
                for_this_cpu<subtract_words<Word>>(drawn.data(), part.data(), part.size());
        }
    }
}

}  // namespace

MaskStream::MaskStream(const MaskKey& key) : context_{EVP_CIPHER_CTX_new()}
{
    if (!context_ ||
        EVP_EncryptInit_ex(context_.get(), EVP_aes_128_ctr(), nullptr, key.key.data(), key.counter.data()) != 1)
        throw SystemError{"OpenSSL has no AES-128 in counter mode; check the installation of libssl3"};
}

void MaskStream::Free::operator()(evp_cipher_ctx_st* context) const { EVP_CIPHER_CTX_free(context); }

void MaskStream::next(std::span<unsigned char> bytes)
{
    while (!bytes.empty()) {
        const auto size = std::min(bytes.size(), zeros.size());
        int written = 0;
        if (EVP_EncryptUpdate(context_.get(), bytes.data(), &written, zeros.data(), static_cast<int>(size)) != 1)
            throw SystemError{"OpenSSL can't go on with AES-128 in counter mode"};
        bytes = bytes.subspan(size);
    }
}

void apply(std::span<const SignedMask> masks, Ring ring, std::span<std::uint64_t> words)
{
    for (std::size_t first = 0; first < masks.size(); first += batch_size) {
        const auto batch = masks.subspan(first, std::min(batch_size, masks.size() - first));
        if (mask_bytes_per_value(ring) == 4)
            apply_batch<std::uint32_t>(batch, words);
        else
            apply_batch<std::uint64_t>(batch, words);
    }
}

}  // namespace fedgram::masking
