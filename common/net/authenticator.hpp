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
#include "common/net/rejected_peer_log.hpp"
#include "common/net/tls.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/secret.hpp"

namespace fedgram::net {

/// What a peer must show to become a client of the run; both may be asked for.
struct Admission {
    std::optional<protocol::Secret> secret{};  ///< that it must know
    std::shared_ptr<const Tls> tls{};          ///< null: plain TCP; else it needs a certificate for its nodes
};

/// A peer that has shown what `Admission` asks for.
struct AuthenticatedPeer {
    std::unique_ptr<Channel> channel;
    wire::Hello hello;
    protocol::NodeSet nodes;  ///< of the hello; its certificate, where it has one, names them all
};

/// Accepts connections, and authenticates the peer at the other end of each. An unauthenticated peer may use no more
/// than one of 256 places, five seconds and some kilobytes. When all places are taken, the oldest peer gives way to the
/// newest: so a crowd that stays silent keeps no client out. Used on the thread of its io_context alone.
class Authenticator {
public:
    /// `admit` gets each peer whose Hello holds. Raises this process's limit of descriptors.
    Authenticator(asio::io_context& context, asio::ip::tcp::acceptor acceptor, Admission admission,
                  std::function<void(AuthenticatedPeer)> admit);

    void open();
    /// Accepts no more, and ends the connections of unauthenticated peers. May be called twice.
    void close();

    /// Whether clients alone took all descriptors when the last peer came, which was turned away.
    [[nodiscard]] bool out_of_descriptors() const { return out_of_descriptors_; }

    [[nodiscard]] const RejectedPeerLog& rejected_peers() const { return rejected_peers_; }

private:
    struct Peer {
        std::unique_ptr<Channel> channel;
        std::string address;
        bool crowded_out = false;
    };
    using PeerId = std::uint64_t;

    asio::awaitable<void> accept();
    /// Ends the connection of the oldest peer; false when there is none.
    bool crowd_out_oldest();
    asio::awaitable<void> attend(PeerId id);
    asio::awaitable<AuthenticatedPeer> authenticate(Channel& channel, Clock::time_point deadline) const;
    void reject(const std::string& address, RejectionReason kind, const std::string& reason);

    asio::io_context& context_;
    asio::ip::tcp::acceptor acceptor_;
    Admission admission_;
    std::function<void(AuthenticatedPeer)> admit_;
    int first_reserved_descriptor_;
    // Ordered: the first is the oldest. At most 256, and those whose connections are being closed.
    std::map<PeerId, Peer> peers_;
    PeerId last_id_ = 0;
    RejectedPeerLog rejected_peers_;
    bool out_of_descriptors_ = false;
    bool closed_ = false;
};

}  // namespace fedgram::net
