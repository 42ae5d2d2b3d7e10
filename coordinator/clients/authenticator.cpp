#include "coordinator/clients/authenticator.hpp"

#include <spdlog/spdlog.h>

#include <asio/redirect_error.hpp>

#include "common/protocol/proof.hpp"
#include "coordinator/clients/descriptor_limit.hpp"

namespace fedgram::coordinator {

namespace {

using namespace std::chrono_literals;

// From the connection to the verified hello, TLS included. A client answers in milliseconds; this is for a loaded
// machine and a slow line.
constexpr auto handshake_deadline = 5s;

constexpr std::size_t most_visitors = 256;

// Kept back from connections for what the run itself opens: data, engine, results.
constexpr int reserved_descriptors = 48;

/// What a visitor is turned away for, when it speaks the protocol and is to be told.
struct Refusal : ProtocolError {
    Refusal(RejectionReason why, const std::string& text) : ProtocolError{text}, kind{why} {}
    RejectionReason kind;
};

protocol::NodeSet claimed_nodes(const wire::Hello& hello)
{
    protocol::NodeSet nodes;
    for (const auto& range : hello.nodes())
        if (!nodes.append({range.first(), range.last()}))
            throw Refusal{RejectionReason::garbage,
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
    asio::co_spawn(context_, accept(), [](std::exception_ptr error) {
        if (error) std::rethrow_exception(error);
    });
}

void Authenticator::close()
{
    closed_ = true;
    asio::error_code ignored;
    acceptor_.close(ignored);
    for (auto& [id, visitor] : visitors_) visitor.channel->close();
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
        const bool crowded = scarce || visitors_.size() >= most_visitors;
        if (crowded && !crowd_out_oldest() && scarce) {
            turn_away(address, RejectionReason::crowded_out,
                      "the clients of the run take all file descriptors; raise ulimit -n");
            continue;
        }
        const VisitorId id = ++last_id_;
        visitors_[id] = {std::make_unique<net::Channel>(net::make_stream(std::move(socket), admission_.tls.get()),
                                                        context_.get_executor()),
                         address};
        asio::co_spawn(context_, meet(id), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }
}

bool Authenticator::crowd_out_oldest()
{
    for (auto& [id, visitor] : visitors_)
        if (!visitor.crowded_out) {
            visitor.crowded_out = true;
            visitor.channel->close();
            return true;
        }
    return false;
}

asio::awaitable<void> Authenticator::meet(VisitorId id)
{
    // The map's nodes don't move, and only this coroutine erases its own.
    Visitor& visitor = visitors_[id];
    net::Channel& channel = *visitor.channel;
    const auto deadline = net::Clock::now() + handshake_deadline;
    RejectionReason kind{};
    std::string reason;
    bool to_be_told = false;
    try {
        auto peer = co_await hear_out(channel, deadline);
        if (!visitor.crowded_out && !closed_) {
            peer.channel = std::move(visitor.channel);
            visitors_.erase(id);
            admit_(std::move(peer));
            co_return;
        }
    } catch (const Refusal& refusal) {
        kind = refusal.kind;
        reason = refusal.what();
        to_be_told = true;
    } catch (const Timeout&) {
        kind = RejectionReason::silent;
        reason = "it did not introduce itself within 5 s";
    } catch (const net::CertificateRefused& refused) {
        kind = RejectionReason::uncertified;
        reason = refused.what();
    } catch (const ProtocolError& error) {
        kind = RejectionReason::garbage;
        reason = error.what();
    } catch (const std::system_error& error) {
        kind = RejectionReason::left;
        reason = "it ended the connection: " + error.code().message();
    }
    if (visitor.crowded_out) {
        kind = RejectionReason::crowded_out;
        reason = "too many others came after it, before it had introduced itself";
    }
    if (!closed_) turn_away(visitor.address, kind, reason);
    if (to_be_told && !visitor.crowded_out && !closed_) {
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
    visitors_.erase(id);
}

asio::awaitable<AuthenticatedPeer> Authenticator::hear_out(net::Channel& channel, net::Clock::time_point deadline) const
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
    try {
        peer.hello = protocol::parse_handshake<wire::Hello>(frame, admission_.secret, nonce);
    } catch (const protocol::HandshakeError& unproven) {
        throw Refusal{RejectionReason::uninvited, unproven.what()};
    }
    peer.nodes = claimed_nodes(peer.hello);
    if (const auto certified = channel.certified_nodes()) {
        const auto beyond = peer.nodes.without(*certified);
        if (!beyond.empty())
            throw Refusal{RejectionReason::uncertified, "its certificate names the nodes " + certified->text() +
                                                            " and not " + beyond.text() + ", which it claims to host"};
    }
    co_return peer;
}

void Authenticator::turn_away(const std::string& address, RejectionReason kind, const std::string& reason)
{
    if (const auto line = rejected_peers_.note(address, kind, reason, net::Clock::now())) spdlog::warn("{}", *line);
}

}  // namespace fedgram::coordinator
