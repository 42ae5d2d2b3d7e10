#pragma once

#include <asio/ip/tcp.hpp>
#include <memory>
#include <string>

#include "common/net/stream.hpp"
#include "common/net/tls_files.hpp"

namespace asio::ssl {
class context;
}

namespace fedgram::net {

class RevocationList;

/// One end's settings for TLS 1.3 with certificates on both sides. The files are read once, when it is made. Only the
/// revocation list is read again, before a connection, when its file has changed.
class Tls {
public:
    /// Throws SpecError that names the file when it holds no certificate, key or revocation list, and when key and
    /// certificate don't belong together.
    static Tls of_coordinator(const TlsFiles& files);
    /// `host` is what the client was told to connect to: the coordinator's certificate must name it.
    static Tls of_client(const TlsFiles& files, std::string host);
    Tls(Tls&& other) noexcept;
    ~Tls();

    /// This must outlive the stream. A revocation list that has changed, and can't be read, leaves the one before in
    /// force, with a warning.
    [[nodiscard]] std::unique_ptr<Stream> stream(asio::ip::tcp::socket socket) const;

private:
    explicit Tls(const TlsFiles& files, std::string host);

    std::unique_ptr<asio::ssl::context> context_;
    std::unique_ptr<RevocationList> revoked_;  // null: nothing is revoked
    std::string host_;                         // empty for the coordinator
};

/// Over TLS where `tls` isn't null, else over TCP.
[[nodiscard]] std::unique_ptr<Stream> make_stream(asio::ip::tcp::socket socket, const Tls* tls);

}  // namespace fedgram::net
