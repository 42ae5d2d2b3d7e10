#include "common/text/folded_name.hpp"

#include <array>
#include <cctype>
#include <utility>

namespace fedgram::text {

namespace {

/// Latin-1's letters from U+00C0 on without their accents; a '?' is a sign that stays.
constexpr std::string_view latin1 =
    "aaaaaaaceeeeiiii"
    "dnooooo?ouuuuy??"
    "aaaaaaaceeeeiiii"
    "dnooooo?ouuuuy?y";

/// Other characters that stand for a letter, or for nothing.
constexpr std::array<std::pair<std::string_view, std::string_view>, 4> others{
    {{"\u0130", "i"}, {"\u0131", "i"}, {"\u2019", ""}, {"&", " and "}}};

constexpr std::string_view the = "the ";

bool is_combining_accent(unsigned char first, unsigned char second)  // U+0300 to U+036F
{
    return first == 0xCC || (first == 0xCD && second < 0xB0);
}

/// What the first character of `name` becomes; takes it off.
std::string fold_one(std::string_view& name)
{
    for (const auto& [from, to] : others)
        if (name.starts_with(from)) {
            name.remove_prefix(from.size());
            return std::string{to};
        }
    const auto first = static_cast<unsigned char>(name[0]);
    if (name.size() > 1 && first >= 0xC0) {
        const auto second = static_cast<unsigned char>(name[1]);
        const char letter = first == 0xC3 && second >= 0x80 && second < 0xC0 ? latin1[second - 0x80U] : '?';
        if (letter != '?' || is_combining_accent(first, second)) {
            name.remove_prefix(2);
            return letter == '?' ? std::string{} : std::string{letter};
        }
    }
    name.remove_prefix(1);
    if (first == '.' || first == '\'') return {};
    if (first < 0x80 && std::isalnum(first) == 0) return " ";
    return {static_cast<char>(first < 0x80 ? std::tolower(first) : first)};
}

}  // namespace

std::string folded_name(std::string_view name)
{
    std::string folded;
    while (!name.empty())
        for (const char c : fold_one(name))
            if (c != ' ' || (!folded.empty() && folded.back() != ' ')) folded += c;
    if (folded.ends_with(' ')) folded.pop_back();
    if (folded.starts_with(the)) folded.erase(0, the.size());
    return folded;
}

}  // namespace fedgram::text
