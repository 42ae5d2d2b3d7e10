#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "common/command_line/shared_options.hpp"

namespace fedgram::experiments {

class CommandSet;

struct LoadCommandOptions {
    std::string address;  ///< HOST:PORT
    std::optional<std::uint32_t> concurrency{};
    std::optional<double> rate{};  ///< requests a second
    bool poisson = false;
    std::optional<double> seconds{};
    std::optional<std::uint32_t> requests{};
    std::optional<double> deadline_ms{};
    std::optional<std::uint32_t> connections{};
    std::optional<std::filesystem::path> run{};  ///< whose test set is asked about
    std::optional<std::filesystem::path> data_folder{};
    std::optional<std::uint32_t> images{};
    bool bytes = false;
    std::uint32_t seed = 1;
    command_line::CredentialOptions credentials{};
    bool json = false;
};

/// `fedgram load`: asks a server of inferences, measures, and prints what came of it. Returns 0; throws, once that is
/// printed, ProtocolError for what the server did wrong, and Interrupted after a
/// signal, and SpecError where no request was due.
[[nodiscard]] int load(const LoadCommandOptions& options);

/// Its options and its help.
void add_load(CommandSet& commands);

}  // namespace fedgram::experiments
