#include "common/text/nearest_names.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>
#include <utility>

#include "common/text/edit_distance.hpp"

namespace fedgram::text {

std::string lower(std::string_view text)
{
    std::string result{text};
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

std::string did_you_mean(std::string_view wanted, const std::vector<Named>& known)
{
    const auto lowered = lower(wanted);
    std::set<std::pair<std::size_t, std::string>> ranked;
    for (const auto& thing : known) {
        auto least = std::numeric_limits<std::size_t>::max();
        for (const auto& name : thing.names) least = std::min(least, text::edit_distance(lowered, lower(name)));
        ranked.emplace(least, thing.shown);
    }
    std::string text;
    constexpr int shown = 3;
    int count = 0;
    for (const auto& [far, name] : ranked) {
        if (count == shown || far > std::max<std::size_t>(1, lowered.size() / 2)) break;
        text += (count++ == 0 ? "did you mean " : ", ") + name;
    }
    return count == 0 ? text : text + "?";
}

}  // namespace fedgram::text
