#include "common/net/tls.hpp"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <spdlog/spdlog.h>

#include <asio/redirect_error.hpp>
#include <asio/ssl.hpp>
#include <system_error>

#include "common/error/error.hpp"
#include "common/net/certificate.hpp"
#include "common/net/revocation_list.hpp"
#include "common/net/socket_stream.hpp"

namespace fedgram::net {

namespace {

namespace ssl = asio::ssl;
using Layer = ssl::stream<asio::ip::tcp::socket>;

/// The peer's alert, or our own library's error, in plain words; empty for an error of another kind.
std::string meaning(const asio::error_code& error)
{
    if (error.category() != asio::error::get_ssl_category()) return {};
    switch (ERR_GET_REASON(static_cast<unsigned long>(error.value()))) {
        case SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED:
            return "the peer refused this side's certificate: it has been revoked";
        case SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED:
            return "the peer refused this side's certificate: it has expired, or is not valid yet";
        case SSL_R_TLSV1_ALERT_UNKNOWN_CA:
            return "the peer refused this side's certificate: another authority signed it";
        case SSL_R_SSLV3_ALERT_BAD_CERTIFICATE:
        case SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN:
        case SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE:
        case SSL_R_TLSV1_ALERT_DECRYPT_ERROR:
            return "the peer refused this side's certificate: " + error.message();
        case SSL_R_WRONG_VERSION_NUMBER:
        case SSL_R_HTTP_REQUEST:
            return "the peer does not speak TLS";
        default:
            return "TLS: " + error.message();
    }
}

class TlsStream final : public SocketStream<Layer> {
public:
    TlsStream(asio::ip::tcp::socket socket, ssl::context& context, const std::string& host)
        : SocketStream<Layer>{std::move(socket), context},
          role_{host.empty() ? Layer::server : Layer::client},
          host_{host}
    {
        if (!host.empty()) expect(host);
        layer_.set_verify_callback([this](bool verified, ssl::verify_context& chain) {
            if (!verified) note(chain.native_handle());
            return verified;
        });
    }

    asio::awaitable<void> handshake() override
    {
        asio::error_code error;
        co_await layer_.async_handshake(role_, asio::redirect_error(asio::use_awaitable, error));
        if (!error) co_return;
        // Our own objection comes before the words in which TLS reports it.
        if (!objection_.empty()) throw CertificateRefused{objection_};
        if (error.category() == asio::error::get_ssl_category() &&
            ERR_GET_REASON(static_cast<unsigned long>(error.value())) == SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE)
            throw CertificateRefused{"the peer shows no certificate"};
        complain(error);
    }

    asio::awaitable<std::size_t> read_some(std::array<asio::mutable_buffer, 2> buffers) override
    {
        asio::error_code error;
        const auto size = co_await layer_.async_read_some(buffers, asio::redirect_error(asio::use_awaitable, error));
        if (error) complain(error);
        co_return size;
    }

    [[nodiscard]] std::optional<protocol::NodeSet> certified_nodes() const override
    {
        return named_nodes(::SSL_get0_peer_certificate(handle()));
    }

private:
    [[nodiscard]] SSL* handle() const { return const_cast<Layer&>(layer_).native_handle(); }

    /// The certificate must name the host: an address as an address, a name as a name.
    void expect(const std::string& host)
    {
        auto* const rules = ::SSL_get0_param(handle());
        if (::X509_VERIFY_PARAM_set1_ip_asc(rules, host.c_str()) == 1) return;
        SSL_set_tlsext_host_name(handle(), host.c_str());
        ::X509_VERIFY_PARAM_set1_host(rules, host.c_str(), host.size());
    }

    void note(X509_STORE_CTX* chain)
    {
        const auto error = ::X509_STORE_CTX_get_error(chain);
        const auto* const certificate = ::X509_STORE_CTX_get_current_cert(chain);
        const auto nodes = certificate ? named_nodes(certificate).text() : std::string{};
        objection_ = "the peer's certificate" + (nodes.empty() ? "" : " for the nodes " + nodes) +
                     " is refused: " + ::X509_verify_cert_error_string(error);
        if (error == X509_V_ERR_HOSTNAME_MISMATCH || error == X509_V_ERR_IP_ADDRESS_MISMATCH)
            objection_ += "; it does not name " + host_ + " (`fedgram certs --hosts`)";
    }

    /// Throws ProtocolError for an alert. A connection that ended without TLS's farewell counts as an ordinary end.
    [[noreturn]] static void complain(const asio::error_code& error)
    {
        if (const auto text = meaning(error); !text.empty()) throw ProtocolError{text};
        const bool truncated = error == ssl::error::stream_truncated;
        throw std::system_error{truncated ? asio::error::make_error_code(asio::error::eof) : error};
    }

    Layer::handshake_type role_;
    std::string host_;
    std::string objection_;  // of ours against the peer's certificate
};

void check(bool good, const std::filesystem::path& file, const char* what)
{
    if (good) return;
    ::ERR_clear_error();
    throw SpecError{file.string() + " holds no " + what + " in PEM"};
}

}  // namespace

Tls::Tls(const TlsFiles& files, std::string host)
    : context_{std::make_unique<ssl::context>(ssl::context::tls)}, host_{std::move(host)}
{
    auto* const context = context_->native_handle();
    SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION);
    // No session is resumed: a ticket would only be more that is sent before authentication.
    ::SSL_CTX_set_num_tickets(context, 0);
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    context_->set_verify_mode(ssl::verify_peer | ssl::verify_fail_if_no_peer_cert);

    check(::SSL_CTX_load_verify_locations(context, files.authority.c_str(), nullptr) == 1, files.authority,
          "certificate");
    check(::SSL_CTX_use_certificate_chain_file(context, files.certificate.c_str()) == 1, files.certificate,
          "certificate");
    // This compares the key with the certificate, too.
    if (::SSL_CTX_use_PrivateKey_file(context, files.key.c_str(), SSL_FILETYPE_PEM) != 1) {
        ::ERR_clear_error();
        throw SpecError{files.key.string() + " holds no key in PEM, or not that of " + files.certificate.string()};
    }
    // A certificate on the list is refused. If the list is another authority's, every certificate is refused.
    if (files.revoked) {
        revoked_ = std::make_unique<RevocationList>(*files.revoked);
        if (const auto trouble = revoked_->bring_into_force(context)) throw SpecError{*trouble};
    }
}

Tls Tls::of_coordinator(const TlsFiles& files) { return Tls{files, {}}; }

Tls Tls::of_client(const TlsFiles& files, std::string host) { return Tls{files, std::move(host)}; }

Tls::Tls(Tls&& other) noexcept = default;
Tls::~Tls() = default;

std::unique_ptr<Stream> Tls::stream(asio::ip::tcp::socket socket) const
{
    if (revoked_)
        if (const auto trouble = revoked_->bring_into_force(context_->native_handle()))
            spdlog::warn("{}; the list that was read before stays in force", *trouble);
    return std::make_unique<TlsStream>(std::move(socket), *context_, host_);
}

std::unique_ptr<Stream> make_stream(asio::ip::tcp::socket socket, const Tls* tls)
{
    return tls ? tls->stream(std::move(socket)) : plain_stream(std::move(socket));
}

}  // namespace fedgram::net
