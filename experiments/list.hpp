#pragma once

#include <filesystem>

namespace fedgram::experiments {

struct ListOptions {
    std::filesystem::path folder = "results";
    bool json = false;
};

/// `fedgram list`: the runs in a folder, one line for each of their trainings.
[[nodiscard]] int list(const ListOptions& options);

}  // namespace fedgram::experiments
