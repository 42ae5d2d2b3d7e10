#pragma once

#include <filesystem>
#include <string_view>

namespace fedgram::run {

/// Where a run stands.
enum class RunState {
    running,      ///< a coordinator is at work in its folder
    whole,        ///< every training has ended by its rule, diverged ones among them
    interrupted,  ///< stopped by a signal; `fedgram run --resume` goes on
    failed,       ///< ended by an error, or killed; the same
};

[[nodiscard]] std::string_view name(RunState state);

/// Of the run in a folder; `whole` is what its summary says (RunSummary::whole).
[[nodiscard]] RunState state_of(const std::filesystem::path& folder, bool whole);

}  // namespace fedgram::run
