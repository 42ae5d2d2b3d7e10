#pragma once

#include <string>
#include <vector>

namespace fedgram::experiments {

/// One option as a shell completes it, or a word in its place, which has no dashes.
struct OptionShape {
    std::string name;
    std::string what;
    bool takes_value{};
    bool repeatable{};
    std::vector<std::string> values{};  ///< what it may be, as far as that is known
};

/// One subcommand as a shell completes it.
struct CommandShape {
    std::string name;
    std::string what;
    std::vector<OptionShape> options;
    std::vector<OptionShape> words;  ///< in their places
};

}  // namespace fedgram::experiments
