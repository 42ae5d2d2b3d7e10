#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace fedgram::experiments {

class CommandSet;

struct CertsOptions {
    std::filesystem::path out;
    std::optional<std::uint32_t> nodes{};  ///< one certificate for each node from 0 on
    std::vector<std::string> groups{};     ///< one certificate for each list, as in 0-4
    std::vector<std::string> hosts{"127.0.0.1", "localhost"};
    int days = 30;
    std::vector<std::string> revoked{};  ///< names of certificates
};

/// `fedgram certs`: an authority, certificates for the coordinator and its clients, and their revocation. It keeps what
/// is there. Throws SpecError for options that make no sense, before anything is made.
[[nodiscard]] int certs(const CertsOptions& options);

/// Its options and its help.
void add_certs(CommandSet& commands);

}  // namespace fedgram::experiments
