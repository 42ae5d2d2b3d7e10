#include "common/masking/mask_stream.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>
#include <vector>

#include "common/masking/mask_key.hpp"

using namespace fedgram;
using masking::apply;
using masking::MaskKey;
using masking::MaskSign;
using masking::MaskStream;
using masking::Ring;
using masking::SignedMask;

namespace {

std::vector<unsigned char> bytes_of(const std::string& hexadecimal)
{
    std::vector<unsigned char> bytes;
    for (std::size_t i = 0; i < hexadecimal.size(); i += 2)
        bytes.push_back(static_cast<unsigned char>(std::stoi(hexadecimal.substr(i, 2), nullptr, 16)));
    return bytes;
}

MaskKey key_of(const std::string& key, const std::string& counter)
{
    MaskKey result;
    std::ranges::copy(bytes_of(key), result.key.begin());
    std::ranges::copy(bytes_of(counter), result.counter.begin());
    return result;
}

/// A mask's words, drawn at once.
template <class Word>
std::vector<std::uint64_t> words_of(const MaskKey& key, std::size_t count)
{
    std::vector<unsigned char> bytes(count * sizeof(Word));
    MaskStream{key}.next(bytes);
    std::vector<std::uint64_t> words(count);
    for (std::size_t i = 0; i < count; ++i) {
        Word word{};
        std::memcpy(&word, &bytes[i * sizeof(Word)], sizeof(Word));
        words[i] = word;
    }
    return words;
}

}  // namespace

TEST_CASE("The stream is AES-128 in counter mode as NIST publishes it", "[masking]")
{
    // SP 800-38A, F.5.1, CTR-AES128.Encrypt: the four output blocks, before they meet the plaintext.
    MaskStream stream{key_of("2b7e151628aed2a6abf7158809cf4f3c", "f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff")};
    std::vector<unsigned char> bytes(64);
    stream.next(bytes);
    CHECK(bytes == bytes_of("ec8cdf7398607cb0f2d21675ea9ea1e4"
                            "362b7c3c6773516318a077d7fc5073ae"
                            "6a2cc3787889374fbeb4c81b17ba6c44"
                            "e89c399ff0f198c6d40a31db156cabfe"));
}

TEST_CASE("A stream goes on where it was, in whatever pieces it is drawn", "[masking]")
{
    const auto key = masking::self_key({1, 1}, 1);
    std::vector<unsigned char> whole(40'000);
    MaskStream{key}.next(whole);
    std::vector<unsigned char> pieces(whole.size());
    MaskStream stream{key};
    const std::span all{pieces};
    stream.next(all.first(1));
    stream.next(all.subspan(1, 0));
    stream.next(all.subspan(1, 17'000));
    stream.next(all.subspan(17'001));
    CHECK(pieces == whole);
}

TEST_CASE("A key is the SHA-256 of seed, round and nodes", "[masking]")
{
    // By Python: hashlib.sha256(struct.pack("<QIII", 42, 7, 3, 1000)), and with 3, 3.
    const auto pair = key_of("3e882b029f14e5eec549b86ded9f6c92", "052b5b51274eb698119df10fdac18f30");
    CHECK(masking::pairwise_key({42, 7}, 3, 1000) == pair);
    CHECK(masking::pairwise_key({42, 7}, 1000, 3) == pair);
    CHECK(masking::self_key({42, 7}, 3) ==
          key_of("244c3744a19a35087052604b8d35cc77", "e9fd5d1bc9b9bfefcfd325501c1743ec"));
}

TEST_CASE("Masks are added and subtracted word by word, of 32 bits or 64 as the ring needs", "[masking]")
{
    const auto first = masking::pairwise_key({1, 1}, 1, 2);
    const auto second = masking::pairwise_key({1, 1}, 1, 3);
    const std::array masks{SignedMask{first, MaskSign::add}, SignedMask{second, MaskSign::subtract}};
    const auto check = [&]<class Word>(Ring ring, Word) {
        // Longer than the parts that masks are drawn in, and no multiple of them.
        for (const std::size_t size : {0, 1, 5, 3001}) {
            std::vector<std::uint64_t> words(size, 1000);
            apply(masks, ring, words);
            const auto added = words_of<Word>(first, size);
            const auto subtracted = words_of<Word>(second, size);
            std::vector<std::uint64_t> expected(size);
            for (std::size_t i = 0; i < size; ++i) expected[i] = 1000 + added[i] - subtracted[i];
            CHECK(words == expected);
        }
    };
    check(Ring{20}, std::uint32_t{});
    check(Ring{32}, std::uint32_t{});
    check(Ring{33}, std::uint64_t{});
    check(Ring{64}, std::uint64_t{});
}

TEST_CASE("Any number of masks that are added and subtracted again leave what was there", "[masking]")
{
    std::vector<SignedMask> masks;
    for (std::uint32_t node = 0; node < 200; ++node) masks.push_back({masking::self_key({1, 1}, node), MaskSign::add});
    std::vector<std::uint64_t> words(1500, 7);
    apply(masks, Ring{40}, words);
    CHECK(std::ranges::count(words, 7U) == 0);
    for (auto& mask : masks) mask.sign = MaskSign::subtract;
    std::ranges::reverse(masks);
    apply(masks, Ring{40}, words);
    CHECK(std::ranges::count(words, 7U) == 1500);
}
