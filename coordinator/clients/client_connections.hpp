#pragma once

#include <asio/awaitable.hpp>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "common/net/deadline.hpp"
#include "common/protocol/frame.hpp"
#include "coordinator/rounds/host.hpp"
#include "coordinator/rounds/round_events.hpp"

namespace fedgram::coordinator {

/// A client has its data and its engine, and may be given nodes.
struct ClientReady {
    ClientId client = 0;
};
/// An update, or a `node_failed`.
struct FrameArrived {
    ClientId client = 0;
    protocol::Frame frame;
};
/// What happens at the clients. The events of one client come in the order in which they happened.
using ClientEvent = std::variant<ClientReady, FrameArrived, ClientLost, StopRequested>;

/// The clients of a run as a training sees them. Implemented by `ClientHub`, and by the fake network of the tests.
class ClientConnections {
public:
    ClientConnections() = default;
    ClientConnections(const ClientConnections&) = delete;
    ClientConnections& operator=(const ClientConnections&) = delete;
    virtual ~ClientConnections() = default;

    [[nodiscard]] virtual net::Clock::time_point now() const = 0;
    /// The next event. Waits for it; gives nothing at `until`.
    virtual asio::awaitable<std::optional<ClientEvent>> next(net::Clock::time_point until) = 0;
    /// Whether something has happened that `next` has not told yet.
    [[nodiscard]] virtual bool has_news() const = 0;
    /// Stays true once it is.
    [[nodiscard]] virtual bool stop_requested() const = 0;

    /// The clients that are ready. The pointers hold until the next event.
    [[nodiscard]] virtual std::vector<const Host*> ready_hosts() const = 0;
    /// Whether the client can be sent something now. False as soon as it is lost, before its `ClientLost` is told.
    [[nodiscard]] virtual bool is_ready(ClientId client) const = 0;
    /// A client that is ready or just lost; null once its connection has ended.
    [[nodiscard]] virtual const Host* host_of(ClientId client) const = 0;

    /// To a client that is ready. Nothing happens if it has gone.
    virtual void send(ClientId client, protocol::OutgoingFrame frame) = 0;
    /// Ends the connection of a client that broke the rules, and tells it why.
    virtual void drop(ClientId client, const std::string& reason) = 0;
    /// Takes a payload back that has been read, for the next one.
    virtual void recycle(std::vector<float> payload) = 0;
};

}  // namespace fedgram::coordinator
