#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fedgram::experiments {

/// results/NAME-UTCTIME: where the results of something go that was named no other place for them.
[[nodiscard]] std::filesystem::path default_folder(const std::string& name);

/// Throws SystemError unless `folder` is empty, or can be made.
void check_output_folder(const std::filesystem::path& folder);

/// Makes it where it isn't there. Throws SystemError where it can't be made.
void make_output_folder(const std::filesystem::path& folder);

/// A new folder that no other process has, with `spec` in it as spec.json: `wanted`, or else one of the default name,
/// with -2, -3, ... behind it where others began in the same second. It is made by the calls that fail when somebody
/// was first. Throws SystemError where `wanted` is taken.
[[nodiscard]] std::filesystem::path make_run_folder(const std::optional<std::filesystem::path>& wanted,
                                                    const std::string& name, const std::string& spec);

}  // namespace fedgram::experiments
