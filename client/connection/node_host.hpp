#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/connection/client_options.hpp"
#include "client/training/job.hpp"
#include "client/training/node_trainer.hpp"
#include "client/training/training_thread.hpp"
#include "common/energy/meters/host_meters.hpp"
#include "common/net/channel.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/payload_pool.hpp"

namespace fedgram::client {

/// Hosts this process's nodes for a coordinator: obeys it over one connection after the other, and keeps data, engine
/// and training thread from one to the next. Used on the thread of its io_context alone; the trainings run on a second
/// thread, so that a long one never silences the heartbeat.
class NodeHost {
public:
    /// `resources` are used if they serve the coordinator's specification.
    NodeHost(asio::io_context& context, HostOptions options, std::optional<TrainingResources> resources);

    /// Does what the coordinator says until its goodbye. Throws ConnectionLost, Timeout or asio::system_error when the
    /// connection fails, ProtocolError for what the coordinator may not say, or says last; what is wrong with this
    /// process itself is thrown after the coordinator has been told.
    asio::awaitable<void> serve(std::unique_ptr<net::Channel> channel, wire::Welcome welcome);

    /// The training in hand ends at its next step, and nothing is sent any more.
    void stop();
    /// Waits for the end of the training in hand, and starts no other.
    void join() { training_thread_.reset(); }

private:
    /// One connection, shared by its coroutines and by what is trained for it, until the last has ended.
    struct Session {
        std::unique_ptr<net::Channel> channel;  // the connection's thread's alone
        Demand demand{};
    };
    using SessionPtr = std::shared_ptr<Session>;

    asio::awaitable<void> obey(SessionPtr session, const wire::Welcome& welcome);
    asio::awaitable<void> send_heartbeats(SessionPtr session, std::chrono::milliseconds interval);
    /// Data, engine and model for this specification; what the last session had made is kept if it is the same.
    void prepare(const std::string& spec_json);
    TrainingResources resources_for(const spec::Experiment& experiment);
    void take(Session& session, protocol::Frame round_model);
    void queue(const SessionPtr& session, protocol::Frame train_node);
    void send(std::vector<Answer> answers);
    void send(SummedUpdates updates);
    /// The session's channel, where somebody waits for what is of this demand. Null: nobody does, or the coordinator
    /// reads nothing and the session ends, as if it had gone.
    [[nodiscard]] net::Channel* channel_for(const std::shared_ptr<const Demand>& demand);
    /// Of this process, since it was asked last.
    [[nodiscard]] double unreported_cpu_seconds();

    asio::io_context& context_;
    HostOptions options_;
    std::optional<TrainingResources> resources_;  // until there is a trainer
    std::unique_ptr<NodeTrainer> trainer_;
    std::string spec_json_;  // what trainer_ was made for
    bool is_local_ = false;  // the coordinator's machine and run are this process's
    SessionPtr session_;
    std::shared_ptr<const std::vector<float>> global_;  // shared with a training that may outlast its round
    std::shared_ptr<protocol::PayloadPool> payloads_ = std::make_shared<protocol::PayloadPool>();
    std::shared_ptr<protocol::PayloadPool> sums_ =
        std::make_shared<protocol::PayloadPool>();  // of three times the size
    energy::HostMetering metering_;
    std::unique_ptr<energy::MeterSampler> meters_;  // of the training in hand; none where nothing can be read
    double cpu_seconds_reported_;
    std::optional<TrainingThread> training_thread_;  // made after the engine, which wants to be alone at its start
};

}  // namespace fedgram::client
