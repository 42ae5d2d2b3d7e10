#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "common/net/channel.hpp"
#include "common/net/tls.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/secret.hpp"
#include "coordinator/clients/rejected_peer_log.hpp"

namespace fedgram::coordinator {

/// What a peer must show to be let in; both may be asked for.
struct Admission {
    std::optional<protocol::Secret> secret{};  ///< that it must know
    std::shared_ptr<const net::Tls> tls{};     ///< null: plain TCP; else it needs a certificate for its nodes
};

/// A client that was let in.
struct AuthenticatedPeer {
    std::unique_ptr<net::Channel> channel;
    wire::Hello hello;
    protocol::NodeSet nodes;  ///< of the hello; its certificate, where it has one, names them all
};

/// What stands between the listening socket and the clients. Nobody is trusted here, and nobody gets more than a
/// place among 256 (the oldest gives way to a newcomer, so that a crowd of the silent keeps nobody out), five seconds
/// and some kilobytes. Used on the thread of its io_context alone.
class Authenticator {
public:
    /// `admit` gets each client that has said a Hello which holds. Raises this process's limit of descriptors.
    Authenticator(asio::io_context& context, asio::ip::tcp::acceptor acceptor, Admission admission,
                  std::function<void(AuthenticatedPeer)> admit);

    void open();
    /// Accepts no more, and cuts off who is not trusted yet. May be called twice.
    void close();

    [[nodiscard]] const RejectedPeerLog& rejected_peers() const { return rejected_peers_; }

private:
    struct Visitor {
        std::unique_ptr<net::Channel> channel;
        std::string address;
        bool crowded_out = false;
    };
    using VisitorId = std::uint64_t;

    asio::awaitable<void> accept();
    /// Makes room by the oldest visitor; false when there is none.
    bool crowd_out_oldest();
    asio::awaitable<void> meet(VisitorId id);
    asio::awaitable<AuthenticatedPeer> hear_out(net::Channel& channel, net::Clock::time_point deadline) const;
    void turn_away(const std::string& address, RejectionReason kind, const std::string& reason);

    asio::io_context& context_;
    asio::ip::tcp::acceptor acceptor_;
    Admission admission_;
    std::function<void(AuthenticatedPeer)> admit_;
    int first_reserved_descriptor_;
    std::map<VisitorId, Visitor> visitors_;  // ordered: the first is the oldest
    VisitorId last_id_ = 0;
    RejectedPeerLog rejected_peers_;
    bool closed_ = false;
};

}  // namespace fedgram::coordinator
