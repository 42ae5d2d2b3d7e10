#include "tests/fuzz/mutator.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace fedgram::fuzz {

namespace {

// What a reader may be unprepared for: limits of number types, numbers that are none, unfinished text, bad UTF-8.
constexpr std::array<std::string_view, 24> pitfalls{
    "0",    "-1",   "1e999",        "1e-999", "NaN",  "Infinity", "4294967296", "18446744073709551616",
    "null", "\"\"", "{}",           "[]",     "[[[[", "{\"a\":",  "\"",         "\\u0000",
    "//",   "\xff", "\xed\xa0\x80", "\xc3",   "\n",   "\r\n",     ",",          "\xff\xff\xff\xff",
};

}  // namespace

Mutator::Mutator(std::vector<Input> kept, std::uint64_t seed)
    : kept_{std::move(kept)}, random_{seed, Purpose::local_shuffle}
{
}

Input Mutator::next()
{
    Input input = any_kept();
    const auto changes = 1 + random_.below(4);
    for (std::uint64_t i = 0; i < changes; ++i) change(input);
    return input;
}

const Input& Mutator::any_kept() { return kept_[random_.below(kept_.size())]; }

std::size_t Mutator::place(const Input& input) { return random_.below(input.size() + 1); }

void Mutator::change(Input& input)
{
    const auto at = place(input);
    const auto length = std::min<std::size_t>(1 + random_.below(32), input.size() - at);
    const auto begin = input.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(length);
    switch (random_.below(6)) {
        case 0:
            if (length > 0) *begin = static_cast<std::uint8_t>(*begin ^ 1u << random_.below(8));
            break;
        case 1:
            if (length > 0) *begin = static_cast<std::uint8_t>(random_.bits());
            break;
        case 2:
            input.erase(begin, end);
            break;
        case 3: {
            const Input part{begin, end};
            input.insert(input.begin() + static_cast<std::ptrdiff_t>(place(input)), part.begin(), part.end());
            break;
        }
        case 4: {
            const auto pitfall = pitfalls[random_.below(pitfalls.size())];
            if (random_.below(2) == 0) input.erase(begin, end);
            input.insert(input.begin() + static_cast<std::ptrdiff_t>(at), pitfall.begin(), pitfall.end());
            break;
        }
        default: {
            const auto& other = any_kept();
            const auto from = other.begin() + static_cast<std::ptrdiff_t>(place(other));
            input.erase(begin, input.end());
            input.insert(input.end(), from, other.end());
            break;
        }
    }
}

}  // namespace fedgram::fuzz
