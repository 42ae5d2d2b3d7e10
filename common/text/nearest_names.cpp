#include "common/text/nearest_names.hpp"

#include <algorithm>
#include <cctype>
#include <limits>
#include <numeric>
#include <set>
#include <utility>

namespace fedgram::carbon {

namespace {

// Levenshtein's distance: letters to change, add or leave out.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({change, row[j] + 1, row[j - 1] + 1}));
        }
    }
    return row[b.size()];
}

}  // namespace

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
        for (const auto& name : thing.names) least = std::min(least, distance(lowered, lower(name)));
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

}  // namespace fedgram::carbon
