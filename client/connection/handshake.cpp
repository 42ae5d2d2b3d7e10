#include "client/connection/handshake.hpp"

#include <unistd.h>

#include "common/energy/meters/host.hpp"
#include "common/error/context.hpp"
#include "common/error/error.hpp"
#include "common/protocol/proof.hpp"

namespace fedgram::client {

namespace {

using namespace std::chrono_literals;

constexpr auto patience = 60s;

// A specification with its device profiles, layers and sources: tens of kilobytes.
constexpr std::uint32_t welcome_limit = 16 * 1024 * 1024;

wire::Hello hello(const protocol::NodeSet& nodes, const std::string& nonce)
{
    wire::Hello message;
    message.set_software("fedgram");
    for (const auto& [first, last] : nodes.ranges()) {
        auto* const range = message.add_nodes();
        range->set_first(first);
        range->set_last(last);
    }
    message.set_machine(energy::machine_id());
    message.set_cores(energy::usable_cores());
    message.set_pid(static_cast<std::uint32_t>(::getpid()));
    message.set_nonce(nonce);
    return message;
}

/// The next frame, which should be of this type; what a goodbye says is why this client is refused.
asio::awaitable<protocol::Frame> expected(net::Channel& channel, protocol::MessageType type, const char* name,
                                          net::Clock::time_point deadline)
{
    auto frame = co_await channel.receive(deadline);
    if (frame.type == protocol::MessageType::goodbye)
        throw ProtocolError{"the coordinator refused this client: " + protocol::parse<wire::Goodbye>(frame).reason()};
    if (frame.type != type) throw ProtocolError{"the coordinator did not begin with a " + std::string{name}};
    co_return frame;
}

}  // namespace

asio::awaitable<wire::Welcome> shake_hands(net::Channel& channel, protocol::NodeSet nodes,
                                           std::optional<protocol::Secret> secret)
{
    const auto deadline = net::Clock::now() + patience;
    co_await channel.handshake(deadline);
    const auto first = co_await expected(channel, protocol::MessageType::challenge, "challenge", deadline);
    const auto challenge = protocol::parse<wire::Challenge>(first);

    const auto nonce = protocol::fresh_nonce();
    auto greeting =
        protocol::handshake_frame(protocol::MessageType::hello, hello(nodes, nonce), secret, challenge.nonce());
    if (greeting.header.size() > protocol::limits_before_trust.header_bytes)
        throw SpecError{"--nodes: " + std::to_string(nodes.ranges().size()) +
                        " ranges are more than a hello holds; host nodes that follow one another"};
    co_await channel.send(std::move(greeting), deadline);
    channel.set_limits({welcome_limit, 0});
    const auto answer = co_await expected(channel, protocol::MessageType::welcome, "welcome", deadline);
    co_return with_context<protocol::HandshakeError>("the coordinator is not of this run", [&] {
        return protocol::parse_handshake<wire::Welcome>(answer, secret, nonce);
    });
}

}  // namespace fedgram::client
