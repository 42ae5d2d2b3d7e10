#include "common/net/authenticator.hpp"

#include <spdlog/spdlog.h>

#include <asio/redirect_error.hpp>

#include "common/net/descriptor_limit.hpp"
#include "common/protocol/proof.hpp"

namespace fedgram::net {

namespace {

using namespace std::chrono_literals;

// From the connection to the verified hello, TLS included. A client answers in milliseconds; this is for a loaded
// machine and a slow line.
constexpr auto handshake_deadline = 5s;

constexpr std::size_t most_peers = 256;

/// Why a peer is rejected that speaks the protocol, and is told why.
struct Rejection : ProtocolError {
    Rejection(RejectionReason why, const std::string& text) : ProtocolError{text}, kind{why} {}
    RejectionReason kind;
};

protocol::NodeSet nodes_of(const wire::Hello& hello)
{
    protocol::NodeSet nodes;
    for (const auto& range : hello.nodes())
        if (!nodes.append({range.first(), range.last()}))
            throw Rejection{RejectionReason::garbage,
                            "its nodes are no ascending ranges below " + std::to_string(protocol::NodeSet::limit)};
    return nodes;
}

}  // namespace

Authenticator::Authenticator(asio::io_context& context, asio::ip::tcp::acceptor acceptor, Admission admission,
                             std::function<void(AuthenticatedPeer)> admit)
    : context_{context},
      acceptor_{std::move(acceptor)},
      admission_{std::move(admission)},
      admit_{std::move(admit)},
      first_reserved_descriptor_{raise_descriptor_limit() - reserved_descriptors}
{
}

void Authenticator::open()
{
    asio::co_spawn(context_, accept(), [](const std::exception_ptr& error) {
        if (error) std::rethrow_exception(error);
    });
}

void Authenticator::close()
{
    closed_ = true;
    asio::error_code ignored;
    acceptor_.close(ignored);
    for (auto& [id, peer] : peers_) peer.channel->close();
}

asio::awaitable<void> Authenticator::accept()
{
    while (!closed_) {
        asio::error_code error;
        auto socket = co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, error));
        if (error == asio::error::operation_aborted) break;
        if (error) {
            // Out of descriptors: the newcomer waits in the system's queue. Or it has ended before it was taken.
            if (error != asio::error::connection_aborted) crowd_out_oldest();
            asio::steady_timer pause{context_, 100ms};
            co_await pause.async_wait(asio::use_awaitable);
            continue;
        }
        const auto endpoint = socket.remote_endpoint(error);
        const auto address = error ? "an unknown address" : endpoint.address().to_string();
        // The system gives the lowest number that is free: one from the reserve says that all others are taken.
        const bool scarce = socket.native_handle() >= first_reserved_descriptor_;
        const bool crowded = scarce || peers_.size() >= most_peers;
        out_of_descriptors_ = scarce && peers_.empty();
        if (crowded && !crowd_out_oldest() && scarce) {
            reject(address, RejectionReason::crowded_out,
                   "the clients of the run take all file descriptors; raise ulimit -n");
            continue;
        }
        const PeerId id = ++last_id_;
        peers_[id] = {
            std::make_unique<Channel>(make_stream(std::move(socket), admission_.tls.get()), context_.get_executor()),
            address};
        asio::co_spawn(context_, attend(id), [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }
}

bool Authenticator::crowd_out_oldest()
{
    for (auto& [id, peer] : peers_)
        if (!peer.crowded_out) {
            peer.crowded_out = true;
            peer.channel->close();
            return true;
        }
    return false;
}

asio::awaitable<void> Authenticator::attend(PeerId id)
{
    // The map's nodes don't move, and only this coroutine erases its own.
    Peer& peer = peers_[id];
    Channel& channel = *peer.channel;
    const auto deadline = Clock::now() + handshake_deadline;
    RejectionReason kind{};
    std::string reason;
    bool to_be_told = false;
    try {
        auto authenticated = co_await authenticate(channel, deadline);
        if (!peer.crowded_out && !closed_) {
            authenticated.channel = std::move(peer.channel);
            peers_.erase(id);
            admit_(std::move(authenticated));
            co_return;
        }
    } catch (const Rejection& rejection) {
        kind = rejection.kind;
        reason = rejection.what();
        to_be_told = true;
    } catch (const protocol::HandshakeError& unproven) {
        kind = RejectionReason::uninvited;
        reason = unproven.what();
        to_be_told = true;
    } catch (const Timeout&) {
        kind = RejectionReason::silent;
        reason = "it did not introduce itself within 5 s";
    } catch (const CertificateRefused& refused) {
        kind = RejectionReason::uncertified;
        reason = refused.what();
    } catch (const ProtocolError& error) {
        kind = RejectionReason::garbage;
        reason = error.what();
    } catch (const std::system_error& error) {
        kind = RejectionReason::left;
        reason = "it ended the connection: " + error.code().message();
    }
    if (peer.crowded_out) {
        kind = RejectionReason::crowded_out;
        reason = "too many others came after it, before it had introduced itself";
    }
    if (!closed_) reject(peer.address, kind, reason);
    if (to_be_told && !peer.crowded_out && !closed_) {
        wire::Goodbye goodbye;
        goodbye.set_failed(true);
        goodbye.set_reason(reason);
        try {
            co_await channel.send(protocol::frame(protocol::MessageType::goodbye, goodbye), deadline);
            co_await channel.receive(deadline);  // until the peer has read why, and gone
        } catch (const std::exception&) {
            // It has gone, or has had its time.
        }
    }
    channel.close();
    peers_.erase(id);
}

asio::awaitable<AuthenticatedPeer> Authenticator::authenticate(Channel& channel, Clock::time_point deadline) const
{
    channel.set_limits(protocol::limits_before_trust);
    co_await channel.handshake(deadline);
    const auto nonce = protocol::fresh_nonce();
    wire::Challenge challenge;
    challenge.set_nonce(nonce);
    co_await channel.send(protocol::frame(protocol::MessageType::challenge, challenge), deadline);

    const auto frame = co_await channel.receive(deadline);
    if (frame.type != protocol::MessageType::hello) throw ProtocolError{"it did not begin with a hello"};
    AuthenticatedPeer peer;
    peer.hello = protocol::parse_handshake<wire::Hello>(frame, admission_.secret, nonce);
    peer.nodes = nodes_of(peer.hello);
    if (const auto certified = channel.certified_nodes()) {
        const auto beyond = peer.nodes.without(*certified);
        if (!beyond.empty())
            throw Rejection{RejectionReason::uncertified, "its certificate names the nodes " + certified->text() +
                                                              " and not " + beyond.text() +
                                                              ", which it claims to host"};
    }
    co_return peer;
}

void Authenticator::reject(const std::string& address, RejectionReason kind, const std::string& reason)
{
    if (const auto line = rejected_peers_.note(address, kind, reason, Clock::now())) spdlog::warn("{}", *line);
}

}  // namespace fedgram::net
