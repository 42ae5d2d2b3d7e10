#include "common/text/year_list.hpp"

namespace fedgram::text {

namespace {

/// Three or more years in a row are told as the first to the last.
std::string text_of(const std::set<int>& years)
{
    std::string text;
    for (auto first = years.begin(); first != years.end();) {
        int last = *first;
        auto next = first;
        while (++next != years.end() && *next == last + 1) last = *next;
        const int count = last - *first + 1;
        if (!text.empty()) text += ", ";
        text += std::to_string(*first);
        if (count > 1) text += (count > 2 ? " to " : ", ") + std::to_string(last);
        first = next;
    }
    return text;
}

}  // namespace

std::string year_list(const std::map<std::string, std::set<int>>& years_by_name)
{
    std::string text;
    for (const auto& [name, years] : years_by_name) text += (text.empty() ? "" : "; ") + name + " " + text_of(years);
    return text;
}

}  // namespace fedgram::text
