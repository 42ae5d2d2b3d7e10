#pragma once

#include <filesystem>

namespace fedgram::experiments {

class CommandSet;

struct InitOptions {
    std::filesystem::path file = "fedgram.json";
};

/// `fedgram init`: writes a specification to start from, with each key's meaning and default as comments. Throws
/// SystemError where something is there already.
[[nodiscard]] int init(const InitOptions& options);

/// Its options and its help.
void add_init(CommandSet& commands);

}  // namespace fedgram::experiments
