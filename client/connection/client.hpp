#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "client/connection/node_host.hpp"
#include "client/connection/reconnection.hpp"
#include "common/net/tls.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/secret.hpp"

namespace fedgram::client {

struct Options {
    std::string coordinator;  ///< HOST:PORT
    protocol::NodeSet nodes;  ///< that this process hosts
    HostOptions host{};
    std::optional<protocol::Secret> secret{};  ///< that the coordinator must know, too
    std::shared_ptr<const net::Tls> tls{};     ///< null: plain TCP
    Reconnection::Patience patience{std::chrono::seconds{60}, std::chrono::seconds{600}};
};

/// A client process: connects, lets a NodeHost obey the coordinator, and connects again as Reconnection decides.
class Client {
public:
    /// `resources` are used if they serve the coordinator's specification.
    explicit Client(Options options, std::optional<TrainingResources> resources = std::nullopt);

    /// Until the coordinator says goodbye. Throws SystemError when there is no coordinator, or none any more;
    /// ProtocolError when it refuses this client; Interrupted after SIGINT or SIGTERM.
    void run();

private:
    /// One try after the other.
    asio::awaitable<void> serve();
    /// One try; returns when the run is over.
    asio::awaitable<void> attempt(Reconnection& reconnection);
    asio::awaitable<asio::ip::tcp::socket> connect();

    Options options_;
    asio::io_context context_{1};
    NodeHost host_;
};

}  // namespace fedgram::client
