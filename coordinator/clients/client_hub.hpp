#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "common/net/authenticator.hpp"
#include "common/net/channel.hpp"
#include "common/protocol/payload_pool.hpp"
#include "coordinator/clients/client_connections.hpp"
#include "coordinator/clients/event_queue.hpp"
#include "coordinator/clients/node_hosts.hpp"

namespace fedgram::coordinator {

struct ClientInfo {
    Host host;
    std::uint32_t pid = 0;
    std::string peer;
    std::string engine;
    bool meters_machine = false;
};

struct HubOptions {
    std::string spec_json;            ///< for the Welcome
    std::string data_sha256;          ///< that each client must have too
    std::uint32_t nodes = 0;          ///< ids below this exist
    std::uint64_t payload_bytes = 0;  ///< of one model
    std::uint64_t encoded_bytes = 0;  ///< of the largest update that a codec writes; 0: none is used
    std::chrono::milliseconds silence_deadline{60'000};
    std::string own_machine;       ///< the coordinator's, whose own meters it reads itself
    bool trusts_all_sums = false;  ///< of updates, of any client; else those of local clients alone
    net::Admission admission;      ///< what a peer must show to become a client
};

/// The clients of this run: welcomes them, reads what they send, tells when one is ready or lost. A bad connection ends
/// only itself. `EventQueue` bounds what has been read, `net::Channel` what waits to be sent. Used on the thread of its
/// io_context alone.
class ClientHub final : public ClientConnections {
public:
    ClientHub(asio::io_context& context, asio::ip::tcp::acceptor acceptor, HubOptions options);

    void start();

    void request_stop();

    [[nodiscard]] net::Clock::time_point now() const override { return net::Clock::now(); }
    asio::awaitable<std::optional<ClientEvent>> next(net::Clock::time_point until) override
    {
        return events_.next(until);
    }
    [[nodiscard]] bool has_news() const override { return !events_.empty(); }
    [[nodiscard]] bool stop_requested() const override { return stop_requested_; }
    [[nodiscard]] std::vector<const Host*> ready_hosts() const override;
    [[nodiscard]] bool is_ready(ClientId client) const override;
    [[nodiscard]] const Host* host_of(ClientId client) const override;
    void send(ClientId client, protocol::OutgoingFrame frame) override;
    void drop(ClientId client, const std::string& reason) override;
    void recycle(std::vector<float> payload) override { payloads_->give_back(std::move(payload)); }

    /// The clients that are ready. The pointers hold until the next event.
    [[nodiscard]] std::vector<const ClientInfo*> clients() const;
    /// Whether ready clients host every node.
    [[nodiscard]] bool hosts_all() const { return ready_nodes_ == options_.nodes; }
    /// The nodes that no ready client hosts.
    [[nodiscard]] protocol::NodeSet missing_nodes() const;

    /// Says goodbye to every client and stops accepting.
    void finish(bool failed, const std::string& reason);

    [[nodiscard]] std::uint64_t bytes_sent() const;
    [[nodiscard]] std::uint64_t bytes_received() const;
    /// Who came and was not authenticated.
    /// Whether the clients of the run take all file descriptors, and another one was turned away for it.
    [[nodiscard]] bool out_of_descriptors() const { return authenticator_.out_of_descriptors(); }

    [[nodiscard]] const net::RejectedPeerLog& rejected_peers() const { return authenticator_.rejected_peers(); }

private:
    struct Client {
        std::unique_ptr<net::Channel> channel;
        ClientInfo info;
        bool ready = false;
        bool lost = false;
        std::optional<asio::steady_timer> cut_off;  // rings when it has had its time to read why it is dropped
    };

    void admit(net::AuthenticatedPeer peer);
    void welcome(Client& client, const std::string& nonce);
    asio::awaitable<void> serve(ClientId id, std::optional<std::string> refused);
    /// Reads until the connection ends or the client breaks the rules; gives how, unless the client was lost before.
    asio::awaitable<std::optional<ClientLost>> read_until_lost(ClientId id, Client& client);
    asio::awaitable<void> converse(ClientId id, Client& client);
    void get_ready(ClientId id, Client& client, const wire::Ready& ready);
    /// From now on the run does without this client. Its connection may stay until the client has read why.
    void lose(ClientLost lost);
    void say_goodbye(Client& client, bool failed, const std::string& reason);
    void ended(ClientId id);
    /// Why this client can't host these nodes, or nothing, and it does.
    [[nodiscard]] std::optional<std::string> host_refusal(const protocol::NodeSet& nodes, ClientId claimant);

    asio::io_context& context_;
    HubOptions options_;
    net::Authenticator authenticator_;
    std::shared_ptr<protocol::PayloadPool> payloads_ = std::make_shared<protocol::PayloadPool>();
    std::map<ClientId, Client> clients_;  // ordered: what is sent to all goes out in the order of arrival
    ClientId last_id_ = 0;
    NodeHosts hosts_;                // of clients that are ready, or getting so
    std::uint32_t ready_nodes_ = 0;  // hosted by clients that are ready
    std::set<std::string> metered_machines_;
    EventQueue events_;
    asio::steady_timer linger_;
    bool stop_requested_ = false;
    bool finishing_ = false;
    std::uint64_t bytes_sent_ = 0;  // over connections that have ended
    std::uint64_t bytes_received_ = 0;
};

}  // namespace fedgram::coordinator
