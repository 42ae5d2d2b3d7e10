#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace fedgram::experiments {

class CommandSet;

struct SweepOptions {
    std::string sweep;  ///< path of a file, or name of a shipped one
    std::filesystem::path out;
    std::uint32_t jobs = 1;
    std::optional<std::filesystem::path> data_folder{};
};

/// `fedgram sweep`: a run for each combination of values and seeds, in OUT/runs; OUT/sweep.csv, OUT/sweep.md and a
/// table. A whole run of the same specification isn't done again; a failed one is reported and stops no other. Returns
/// 0 when every run is whole, 1 otherwise, 128 + signal when stopped.
[[nodiscard]] int sweep(const SweepOptions& options);

/// Its options and its help.
void add_sweep(CommandSet& commands);

}  // namespace fedgram::experiments
