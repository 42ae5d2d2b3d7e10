#include "common/text/nearest_names.hpp"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <iterator>
#include <set>

#include "common/text/edit_distance.hpp"
#include "common/text/joined.hpp"

namespace fedgram::text {

std::string lower(std::string_view text)
{
    std::string result{text};
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

namespace {

constexpr std::size_t most_shown = 3;

/// Beyond a third of its letters, or two slips in a short word, a word is another word; of two letters one slip is too
/// much already.
std::size_t farthest(std::string_view word)
{
    if (word.size() < 3) return 0;
    return word.size() < 4 ? 1 : std::max<std::size_t>(2, word.size() / 3);
}

bool has_words(std::string_view name, std::string_view words)
{
    return (" " + std::string{name} + " ").find(" " + std::string{words} + " ") != std::string::npos;
}

void keep(std::set<std::string>& nearest, const std::string& shown)
{
    nearest.insert(shown);
    if (nearest.size() > most_shown) nearest.erase(std::prev(nearest.end()));
}

}  // namespace

std::string did_you_mean(std::string_view wanted, const std::vector<Named>& known)
{
    const auto lowered = lower(wanted);
    auto least = farthest(lowered);
    std::set<std::string> nearest;
    for (const auto& thing : known) {
        for (const auto& name : thing.names) {
            const auto distance = edit_distance(lowered, lower(name));
            // Neither is a misspelling of the other where the shorter one would be another word.
            if (distance > std::min(least, farthest(name)) || distance == name.size()) continue;
            if (distance < least) nearest.clear();
            least = distance;
            keep(nearest, thing.shown);
        }
    }
    if (nearest.empty() && !lowered.empty())
        for (const auto& thing : known)
            for (const auto& name : thing.names)
                if (has_words(lower(name), lowered)) keep(nearest, thing.shown);
    return nearest.empty() ? std::string{} : "did you mean " + joined(nearest) + "?";
}

std::string did_you_mean(std::string_view wanted, const std::vector<std::string>& known)
{
    std::vector<Named> named;
    for (const auto& name : known) named.push_back({{name}, name});
    return did_you_mean(wanted, named);
}

}  // namespace fedgram::text
