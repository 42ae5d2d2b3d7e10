#include "common/masking/ring.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace fedgram::masking {

namespace {

static_assert(std::endian::native == std::endian::little, "words are packed, and masks drawn, as they lie in memory");

/// Bits that wait to make a whole word, or to be taken as an element: at most 63 and one word.
__extension__ using Waiting = unsigned __int128;

constexpr std::size_t word_size = sizeof(std::uint64_t);

}  // namespace

std::size_t Ring::packed_size(std::size_t count) const
{
    // count * bits / 8, without the overflow of count * bits.
    return count / 8 * bits_ + (count % 8 * bits_ + 7) / 8;
}

std::string Ring::packed(std::span<const std::uint64_t> words) const
{
    std::string bytes(packed_size(words.size()), '\0');
    auto* out = bytes.data();
    Waiting waiting = 0;
    std::uint32_t count = 0;
    for (const auto word : words) {
        waiting |= Waiting{element(word)} << count;
        count += bits_;
        if (count < 64) continue;
        const auto whole = static_cast<std::uint64_t>(waiting);
        std::memcpy(out, &whole, word_size);
        out += word_size;
        waiting >>= 64;
        count -= 64;
    }
    const auto rest = static_cast<std::uint64_t>(waiting);
    std::memcpy(out, &rest, (count + 7) / 8);
    return bytes;
}

std::optional<std::vector<std::uint64_t>> Ring::unpacked(std::span<const std::byte> bytes, std::size_t count) const
{
    if (bytes.size() != packed_size(count)) return std::nullopt;
    std::vector<std::uint64_t> words(count);
    Waiting waiting = 0;
    std::uint32_t held = 0;
    for (auto& word : words) {
        if (held < bits_) {
            std::uint64_t more = 0;
            const auto size = std::min(word_size, bytes.size());
            std::memcpy(&more, bytes.data(), size);
            bytes = bytes.subspan(size);
            waiting |= Waiting{more} << held;
            held += 64;
        }
        word = element(static_cast<std::uint64_t>(waiting));
        waiting >>= bits_;
        held -= bits_;
    }
    if (waiting != 0) return std::nullopt;
    return words;
}

}  // namespace fedgram::masking
