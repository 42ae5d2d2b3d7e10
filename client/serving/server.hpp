#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/serving/instance.hpp"
#include "client/serving/request_image.hpp"
#include "client/serving/served_model.hpp"
#include "client/serving/server_counts.hpp"
#include "client/serving/server_options.hpp"
#include "common/net/authenticator.hpp"
#include "common/net/channel.hpp"
#include "common/serving/batcher.hpp"

namespace fedgram::client {

/// Serves a model: turns what comes on connections, what instances finish and what the clock says into events of the
/// batcher, and carries out what it decides. Used on the thread of its io_context alone, which it stops once it has
/// ended.
///
/// Its memory is bounded. At most `queue_limit` images wait and `instances` x `max_batch` are computed; of each of 256
/// connections, so many requests may be unanswered or have an unsent answer as take 512 KiB at most. From there on the
/// connection is not read, until its peer has taken an answer.
class Server {
public:
    /// Borrows the model. Throws SpecError for settings that aren't valid.
    Server(asio::io_context& context, asio::ip::tcp::acceptor acceptor, net::Admission admission,
           const ServedModel& model, const serving::BatcherSettings& settings, std::chrono::seconds grace);
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void open();
    /// Takes no more connections and requests, answers those that it has taken, without their queue delay, and ends;
    /// once the grace is over at the latest. May be called twice.
    void stop();
    /// Serves a peer that has shown what is asked for; by itself this does so with those that connect once it is open.
    void admit(net::AuthenticatedPeer peer);
    /// What it has done, and what waits.
    [[nodiscard]] wire::ServerMetrics metrics() const;
    /// A batch is in hand: once the server has ended, one that nobody waits for any more.
    [[nodiscard]] bool is_computing() const { return batcher_.free_instances() < places_.size(); }

private:
    struct Connection {
        std::unique_ptr<net::Channel> channel;
        std::string address;         // without the port
        std::size_t unanswered = 0;  // requests that wait or are computed
    };

    /// A request that waits or is computed. It holds its connection, which may have ended meanwhile.
    struct Pending {
        std::shared_ptr<Connection> connection;
        std::uint64_t id = 0;  // the peer's
        std::vector<float> image;
        serving::Nanoseconds arrival;
    };

    /// An instance, and the batch that it has in hand.
    struct Place {
        std::unique_ptr<Instance> instance;
        std::vector<Pending> batch;
        serving::Nanoseconds begun;
    };

    /// Both share the connection: whichever ends first ends the other, and requests that are computed hold it too.
    asio::awaitable<void> read(std::shared_ptr<Connection> connection);
    asio::awaitable<void> write(std::shared_ptr<Connection> connection);
    asio::awaitable<void> hear(std::shared_ptr<Connection> connection);
    void take_request(const std::shared_ptr<Connection>& connection, protocol::Frame frame);
    void refuse(Connection& connection, std::uint64_t id, wire::InferenceRefusal::Reason reason);
    void carry_out(const serving::Decision& decision);
    void begin_batch(const serving::Decision& decision);
    void batch_done(std::uint32_t instance);
    void wake_at(std::optional<serving::Nanoseconds> time);
    void end_if_idle();
    void end();
    /// Since this began.
    [[nodiscard]] serving::Nanoseconds now() const;
    [[nodiscard]] protocol::OutgoingFrame greeting(const std::string& nonce) const;

    asio::io_context& context_;
    const ServedModel& model_;
    serving::BatcherSettings settings_;
    std::chrono::seconds grace_;
    net::Admission admission_;
    RequestImages images_;
    std::size_t window_;  // of a connection: requests without an answer that is sent
    std::shared_ptr<protocol::PayloadPool> payloads_;
    net::Clock::time_point began_;
    serving::Batcher batcher_;
    std::deque<Pending> waiting_;  // as in the batcher's queue
    std::vector<std::unique_ptr<Place>> places_;
    std::uint64_t last_request_ = 0;
    ServerCounts counts_;
    std::set<std::shared_ptr<Connection>> connections_;
    net::RejectedPeerLog troubles_;
    asio::steady_timer timer_;       // of the batcher
    asio::steady_timer grace_over_;  // since it was told to stop
    std::optional<serving::Nanoseconds> rings_at_{};
    bool stopping_ = false;
    bool said_goodbye_ = false;
    net::Authenticator authenticator_;
};

/// Serves until SIGINT or SIGTERM, and throws Interrupted then, when all that was taken is answered, or the grace is
/// over; where a batch is still computed by then, it ends the process by itself. A second signal ends it at once.
/// Prints the address once it listens, and returns where that isn't taken. Throws SpecError for options that don't go
/// together, and what `read_served_model` throws.
void run_server(const ServerOptions& options);

}  // namespace fedgram::client
