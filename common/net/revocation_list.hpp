#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <optional>
#include <string>

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace fedgram::net {

/// The file in which an authority names the certificates that it has revoked. It may be replaced while it is in use.
class RevocationList {
public:
    explicit RevocationList(std::filesystem::path file) : file_{std::move(file)} {}

    /// Puts the list in force for every certificate that this context verifies from now on. Does nothing where the file
    /// is the one of the last call. Gives what is wrong, naming the file, when it holds no list: what was in force
    /// before stays so, and the file is looked at again once it has changed.
    [[nodiscard]] std::optional<std::string> bring_into_force(ssl_ctx_st* context);

private:
    [[nodiscard]] bool has_changed();

    std::filesystem::path file_;
    std::optional<struct ::stat> seen_;  // nothing before the first call, and when the file wasn't there
    bool looked_ = false;
};

}  // namespace fedgram::net
