#pragma once

#include <filesystem>
#include <string>

namespace fedgram::experiments {

struct ListOptions {
    std::filesystem::path folder = "results";
    std::string sort{};  ///< "energy", "co2", "cost" or "time", the most first; empty: by folder
    bool json = false;
};

/// `fedgram list`: the runs in a folder, one line for each of their trainings. Sorted, lines of all runs stand in one
/// order.
[[nodiscard]] int list(const ListOptions& options);

}  // namespace fedgram::experiments
