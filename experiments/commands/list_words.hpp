#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace fedgram::experiments {

/// What follows an option's name on a command line.
enum class Follows { nothing, one_value, a_list };

/// The words of a subcommand with each list made one word by commas: "--countries DEU FRA", "DEU, FRA" and "DEU,FRA"
/// are all "DEU,FRA". Words may stand behind a list without commas once the `needed` words in their places are there:
/// before that they can't be told from those.
[[nodiscard]] std::vector<std::string> with_joined_lists(const std::vector<std::string>& words, std::size_t needed,
                                                         const std::function<Follows(const std::string&)>& follows);

}  // namespace fedgram::experiments
