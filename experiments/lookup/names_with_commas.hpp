#pragma once

#include <functional>
#include <string>
#include <vector>

namespace fedgram::experiments {

/// The items of a list that was split at its commas, with names that hold a comma whole again: "Korea" and "Republic
/// of" are "Korea, Republic of" where `is_name` knows that name. Items that are all names by themselves stay as they
/// are.
[[nodiscard]] std::vector<std::string> with_whole_names(const std::vector<std::string>& items,
                                                        const std::function<bool(const std::string&)>& is_name);

}  // namespace fedgram::experiments
