#pragma once

#include <cstdint>
#include <filesystem>

#include "experiments/commands/command_set.hpp"
#include "experiments/watching/watch_run.hpp"

namespace fedgram::experiments {

struct WatchOptions {
    std::filesystem::path run;
    std::uint32_t port = 0;
    bool no_page = false;
    WatchTargets targets{};
};

[[nodiscard]] int watch(const WatchOptions& options);

void add_watch(CommandSet& commands);

}  // namespace fedgram::experiments
