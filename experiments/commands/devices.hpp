#pragma once

#include <filesystem>
#include <string>

namespace fedgram::experiments {

class CommandSet;

struct DevicesOptions {
    std::string id{};                      ///< or a path; empty: a list of all
    bool check = false;                    ///< modelled beside measured
    std::filesystem::path measurements{};  ///< a user's own rows; empty: those of record
    bool json = false;
};

/// `fedgram devices`: the device profiles and what is known of inference, one of them with the standing and the source
/// of each figure, or one beside the measurements of its device.
[[nodiscard]] int devices(const DevicesOptions& options);

/// Its options and its help.
void add_devices(CommandSet& commands);

}  // namespace fedgram::experiments
