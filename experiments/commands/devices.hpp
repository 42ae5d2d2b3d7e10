#pragma once

#include <string>

namespace fedgram::experiments {

class CommandSet;

struct DevicesOptions {
    std::string id{};  ///< or a path; empty: a list of all
    bool json = false;
};

/// `fedgram devices`: the device profiles, or one of them with the standing and the source of each figure.
[[nodiscard]] int devices(const DevicesOptions& options);

/// Its options and its help.
void add_devices(CommandSet& commands);

}  // namespace fedgram::experiments
