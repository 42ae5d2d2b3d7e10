#include "common/learning/codec/rounding.hpp"

namespace fedgram::learning {

void draw(Stream& random, std::span<std::uint32_t> words)
{
    for (std::size_t i = 0; i < words.size(); i += 2) {
        const auto bits = random.bits();
        words[i] = static_cast<std::uint32_t>(bits);
        if (i + 1 < words.size()) words[i + 1] = static_cast<std::uint32_t>(bits >> 32);
    }
}

}  // namespace fedgram::learning
