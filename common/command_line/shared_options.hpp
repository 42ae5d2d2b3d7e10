#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/energy/meters/core_power.hpp"
#include "common/net/tls_files.hpp"

namespace CLI {
class App;
}

namespace fedgram::command_line {

/// Reads `arguments`, without the program's name. False when help or another text about the program was asked for,
/// which then has been printed. Throws SpecError for what the command line doesn't know.
[[nodiscard]] bool parse(CLI::App& app, std::vector<std::string> arguments);

/// --version, and --man: the help as a page for man(1).
void add_about_options(CLI::App& app);

/// Where a process takes its data from: --data-dir and --data-fd.
struct DataOptions {
    std::optional<std::filesystem::path> folder{};
    std::optional<int> descriptor{};  ///< of memory that the launcher shares
};

/// `options` outlives the app's parsing.
void add_data_options(CLI::App& app, DataOptions& options);

/// --core-w: what a busy core of this machine draws. `text` outlives the app's parsing.
void add_core_power_option(CLI::App& app, std::string& text);

/// Nothing for an empty text. Throws SpecError.
[[nodiscard]] std::optional<energy::CorePower> given_core_power(const std::string& text);

/// What a process shows its peer: --secret-file and --tls with the single files.
struct CredentialOptions {
    std::optional<std::filesystem::path> secret_file{};
    net::TlsOptions tls{};
};

/// `tls_purpose` ends the help of --tls, `own_name` is what this process's certificate is called in that folder.
/// `options` outlives the app's parsing.
void add_credential_options(CLI::App& app, CredentialOptions& options, const std::string& tls_purpose,
                            const std::string& own_name);

}  // namespace fedgram::command_line
