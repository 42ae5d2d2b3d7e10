#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "client/training/node_trainer.hpp"
#include "client/training/session.hpp"
#include "client/training/training_thread.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/net/channel.hpp"
#include "common/net/tls.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/node_set.hpp"
#include "common/protocol/payload_pool.hpp"
#include "common/protocol/secret.hpp"
#include "datasets/sharing/data_source.hpp"

namespace fedgram::client {

struct Options {
    std::string coordinator;  ///< HOST:PORT
    protocol::NodeSet nodes;  ///< that this process hosts
    datasets::DataSource data{};
    std::optional<energy::CorePower> core_power{};  ///< of this machine, for an estimate of what its nodes draw
    std::optional<protocol::Secret> secret{};       ///< that the coordinator must know, too
    std::shared_ptr<const net::Tls> tls{};          ///< null: plain TCP
    std::chrono::seconds connect_patience{60};      ///< how long to try until the coordinator listens
    std::chrono::seconds reconnect_patience{600};   ///< how long to try once it has been lost
    double cpu_seconds_before = 0;  ///< CPU time that another process has spent on its start, to be reported as its own
};

/// A client process: connects, hosts its nodes, trains one at a time when it is told to, and answers. One thread runs
/// the connection and a second one trains, so that a long local training never silences the heartbeat.
class Client {
public:
    /// `equipment` is used if it serves the coordinator's specification.
    explicit Client(Options options, std::optional<TrainingResources> resources = std::nullopt);

    /// Until the coordinator says goodbye. A connection that is lost is made anew, with growing pauses. Throws
    /// SystemError when there is no coordinator, or none any more; ProtocolError when it refuses this client.
    void run();

private:
    using SessionPtr = std::shared_ptr<Session>;

    /// One session after the other.
    asio::awaitable<void> serve();
    asio::awaitable<void> session();
    asio::awaitable<asio::ip::tcp::socket> connect();
    /// A new connection on which both ends have proved themselves.
    asio::awaitable<std::pair<std::unique_ptr<net::Channel>, wire::Welcome>> join();
    /// Data, engine and model for this specification; what the last session had made is kept if it is the same.
    void prepare(const std::string& spec_json);
    TrainingResources resources_for(const spec::Experiment& experiment);
    asio::awaitable<void> obey(SessionPtr session, const wire::Welcome& welcome);
    asio::awaitable<void> send_heartbeats(SessionPtr session, std::chrono::milliseconds interval);
    /// `cpu_seconds` is what this process has spent so far.
    void send(Answer answer, double cpu_seconds);

    Options options_;
    std::optional<TrainingResources> resources_;  // until there is a trainer
    asio::io_context context_{1};
    std::unique_ptr<NodeTrainer> trainer_;
    std::optional<TrainingThread> training_thread_;  // made after the engine, which wants to be alone at its start
    SessionPtr session_;
    bool was_connected_ = false;
    std::string spec_json_;                             // what trainer_ was made for
    std::shared_ptr<const std::vector<float>> global_;  // shared with a training that may outlast its round
    std::shared_ptr<protocol::PayloadPool> payloads_ = std::make_shared<protocol::PayloadPool>();
    energy::HostMetering metering_;
    std::unique_ptr<energy::MeterSampler> meters_;  // of the training in hand; none where nothing can be read
    double cpu_seconds_reported_;
};

}  // namespace fedgram::client
