#pragma once

#include <map>
#include <set>
#include <string>

namespace fedgram::text {

/// What there is, by name, and its years: "direct 2022, 2023; lifecycle 2015 to 2025".
[[nodiscard]] std::string year_list(const std::map<std::string, std::set<int>>& years_by_name);

}  // namespace fedgram::text
