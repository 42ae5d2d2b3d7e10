#include "experiments/commands/list_words.hpp"

#include <algorithm>
#include <string_view>

namespace fedgram::experiments {

namespace {

/// "-5" is a value.
bool is_option(std::string_view word)
{
    return word.size() > 1 && word[0] == '-' && std::string_view{"0123456789."}.find(word[1]) == std::string_view::npos;
}

/// Without blanks around the items, and without empty ones.
std::string tidied(std::string_view list)
{
    std::string tidy;
    while (!list.empty()) {
        const auto length = std::min(list.find(','), list.size());
        auto item = list.substr(0, length);
        list.remove_prefix(std::min(length + 1, list.size()));
        item.remove_prefix(std::min(item.find_first_not_of(' '), item.size()));
        item = item.substr(0, item.find_last_not_of(' ') + 1);
        if (!item.empty()) tidy += (tidy.empty() ? "" : ",") + std::string{item};
    }
    return tidy;
}

}  // namespace

std::vector<std::string> with_joined_lists(const std::vector<std::string>& words, std::size_t needed,
                                           const std::function<Follows(const std::string&)>& follows)
{
    std::vector<std::string> result;
    std::size_t in_place = 0;
    for (std::size_t i = 0; i < words.size();) {
        const auto& word = words[i++];
        if (!is_option(word)) {
            ++in_place;
            result.push_back(word);
            continue;
        }
        const auto equals = word.find('=');
        const auto kind = follows(word.substr(0, equals));
        const auto next_is_value = [&] { return i < words.size() && !is_option(words[i]); };
        if (kind != Follows::a_list) {
            result.push_back(word);
            if (kind == Follows::one_value && equals == std::string::npos && next_is_value())
                result.push_back(words[i++]);
            continue;
        }
        result.push_back(word.substr(0, equals));
        std::string list = equals == std::string::npos ? "" : word.substr(equals + 1);
        if (equals == std::string::npos && next_is_value()) list = words[i++];
        while (next_is_value() && (in_place >= needed || list.ends_with(',') || words[i].starts_with(',')))
            list += "," + words[i++];
        if (auto tidy = tidied(list); !tidy.empty()) result.push_back(std::move(tidy));
    }
    return result;
}

}  // namespace fedgram::experiments
