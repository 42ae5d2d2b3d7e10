#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace fedgram::net {

/// What one end of a TLS connection needs, each in PEM.
struct TlsFiles {
    std::filesystem::path authority;                 ///< certificate that the peer's must be signed by
    std::filesystem::path certificate;               ///< of this end
    std::filesystem::path key;                       ///< of this end
    std::optional<std::filesystem::path> revoked{};  ///< the authority's revocation list
};

/// The files' names in a folder as `fedgram certs` makes it.
inline constexpr const char* authority_file = "authority.pem";
inline constexpr const char* revoked_file = "revoked.pem";
inline constexpr const char* coordinator_name = "coordinator";
/// "nodes-0-4,7": beside it lie its certificate (.pem) and its key (.key).
[[nodiscard]] std::string node_file_name(const std::string& nodes);

/// What the command line says about TLS: a folder, and single files that replace those of the folder.
struct TlsOptions {
    std::optional<std::filesystem::path> folder{};
    std::optional<std::filesystem::path> authority{};
    std::optional<std::filesystem::path> certificate{};
    std::optional<std::filesystem::path> key{};
    std::optional<std::filesystem::path> revoked{};
};

/// The files that the options name; `own_name` is this end's name in the folder. Nothing where no option is given.
/// Throws SpecError that names the missing option, the missing file, or a key that other users may read.
[[nodiscard]] std::optional<TlsFiles> tls_files(const TlsOptions& options, const std::string& own_name);

}  // namespace fedgram::net
