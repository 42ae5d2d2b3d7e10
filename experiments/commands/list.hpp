#pragma once

#include <filesystem>
#include <string>

namespace fedgram::experiments {

class CommandSet;

struct ListOptions {
    std::filesystem::path folder = "results";
    std::string sort{};  ///< "energy", "co2", "cost" or "time", the most first; empty: by folder
    bool json = false;
    bool verify = false;  ///< by all of each ledger, against which the digests are checked: one that is wrong is damage
};

/// `fedgram list`: the runs in a folder, one line for each of their trainings, and the analyses of how models are
/// served, in it and beneath its runs. Sorted, lines of all runs stand in one order. A run or analysis that is damaged,
/// or a run of which no table can be made, is listed with what is known, and why beneath. Throws DataError in the end
/// where digests were to be checked and one is damaged.
[[nodiscard]] int list(const ListOptions& options);

/// Its options and its help.
void add_list(CommandSet& commands);

}  // namespace fedgram::experiments
