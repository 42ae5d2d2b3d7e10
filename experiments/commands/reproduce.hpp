#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "experiments/commands/run.hpp"

namespace fedgram::experiments {

struct ReproduceOptions {
    std::string table;  ///< "table4", or "search"
    bool quick = false;
    std::optional<std::uint32_t> seeds{};  ///< so many runs, with the seeds 1, 2, ...
    RunOptions run;
};

/// `fedgram reproduce`: the shipped spec of a published table. With `seeds` a run in OUT/seed-N for each, and their
/// mean and deviation in OUT/seeds.txt and seeds.json; the first run that fails ends it with its exit code.
[[nodiscard]] int reproduce(const ReproduceOptions& options);

/// Its options and its help.
void add_reproduce(CommandSet& commands);

}  // namespace fedgram::experiments
