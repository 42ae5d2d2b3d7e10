#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fedgram::experiments {

class CommandSet;

struct AskOptions {
    std::filesystem::path folder;  ///< of a run or a sweep
    bool greenest = false;
    bool most_accurate = false;
    std::string break_even{};  ///< what is varied; empty: no such question
    std::optional<double> min_accuracy{};
    std::optional<double> max_gco2e{};
    std::string training{};  ///< a label; empty: all, or the first federated one
    bool json = false;
};

/// `fedgram ask`: a question of a run or a sweep that has been trained, answered without training. Throws SpecError
/// where the question isn't whole, or can't be asked there. Returns 0, also where the answer is "never" or "none".
[[nodiscard]] int ask(const AskOptions& options);

/// Its options and its help.
void add_ask(CommandSet& commands);

}  // namespace fedgram::experiments
