#include "experiments/lookup/names_with_commas.hpp"

#include <algorithm>
#include <span>

#include "common/text/joined.hpp"

namespace fedgram::experiments {

namespace {

/// How many of the first items are one name: the most that are.
std::size_t length_of_first_name(std::span<const std::string> items,
                                 const std::function<bool(const std::string&)>& is_name)
{
    constexpr std::size_t most_parts = 4;
    for (auto count = std::min(items.size(), most_parts); count > 1; --count) {
        const auto parts = items.first(count);
        if (is_name(text::joined(parts)) && !std::ranges::all_of(parts, is_name)) return count;
    }
    return 1;
}

}  // namespace

std::vector<std::string> with_whole_names(const std::vector<std::string>& items,
                                          const std::function<bool(const std::string&)>& is_name)
{
    std::vector<std::string> names;
    for (std::span<const std::string> rest{items}; !rest.empty();) {
        const auto count = length_of_first_name(rest, is_name);
        names.push_back(text::joined(rest.first(count)));
        rest = rest.subspan(count);
    }
    return names;
}

}  // namespace fedgram::experiments
