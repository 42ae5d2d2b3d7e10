#pragma once

#include <asio/awaitable.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "common/net/channel.hpp"
#include "common/protocol/payload_pool.hpp"
#include "coordinator/clients/authenticator.hpp"
#include "coordinator/clients/node_hosts.hpp"
#include "coordinator/rounds/round.hpp"

namespace fedgram::coordinator {

struct ClientInfo {
    Host host;
    std::uint32_t pid = 0;
    std::string peer;
    std::string engine;
    bool meters_machine = false;
};

/// What happens at the clients, in the order of arrival.
struct ClientReady {
    ClientId client = 0;
};
struct FrameArrived {
    ClientId client = 0;
    protocol::Frame frame;
};
struct ClientLost {
    ClientId client = 0;
    protocol::NodeSet nodes;
    std::string reason;
    bool gave_up = false;        ///< it said goodbye: it can't host its nodes
    bool sent_away = false;      ///< it broke the rules
    bool wrong_payload = false;  ///< it sent an update of another size than the model's, which was not read
};
struct StopRequested {};
using Event = std::variant<ClientReady, FrameArrived, ClientLost, StopRequested>;

struct HubOptions {
    std::string spec_json;            ///< for the Welcome
    std::string data_sha256;          ///< that each client must have too
    std::uint32_t nodes = 0;          ///< ids below this exist
    std::uint64_t payload_bytes = 0;  ///< of one model
    std::chrono::milliseconds silence_deadline{60'000};
    std::string metered_machine;  ///< whose own meters the coordinator reads itself
    Admission admission;          ///< what a client must show to be let in
};

/// The clients of this run: accepts them, hears them out, tells when one is ready or lost. One bad connection ends only
/// itself. Used on the thread of its io_context alone.
class ClientHub {
public:
    ClientHub(asio::io_context& context, asio::ip::tcp::acceptor acceptor, HubOptions options);

    void start();

    /// The next event; waits for it, or gives nothing at `until`.
    asio::awaitable<std::optional<Event>> next(net::Clock::time_point until = net::Clock::time_point::max());
    void request_stop();
    [[nodiscard]] bool stop_requested() const { return stop_requested_; }

    /// Whether something has happened that `next` has not told yet.
    [[nodiscard]] bool has_news() const { return !events_.empty(); }

    /// The clients that are ready, until the next event.
    [[nodiscard]] std::vector<const ClientInfo*> clients() const;
    [[nodiscard]] bool is_ready(ClientId client) const;
    /// Who this is, ready or just lost; null if it has gone.
    [[nodiscard]] const ClientInfo* find(ClientId client) const;
    /// Whether ready clients host every node.
    [[nodiscard]] bool hosts_all() const { return ready_nodes_ == options_.nodes; }
    /// The nodes that no ready client hosts.
    [[nodiscard]] protocol::NodeSet missing_nodes() const;

    /// A payload that has served, for the next.
    void recycle(std::vector<float> payload) { payloads_->give_back(std::move(payload)); }

    /// To one ready client; nothing happens if it has gone.
    void send(ClientId client, protocol::OutgoingFrame frame);
    /// Sends this client away, and tells it why: it broke the rules.
    void drop(ClientId client, const std::string& reason);

    /// Says goodbye to every client and stops accepting.
    void finish(bool failed, const std::string& reason);

    [[nodiscard]] std::uint64_t bytes_sent() const;
    [[nodiscard]] std::uint64_t bytes_received() const;
    /// Who came without being let in.
    [[nodiscard]] const RejectedPeerLog& rejected_peers() const { return authenticator_.rejected_peers(); }

private:
    struct Client {
        std::unique_ptr<net::Channel> channel;
        ClientInfo info;
        bool ready = false;
        bool lost = false;
        std::size_t untaken = 0;                 // of its events, by `next`
        std::optional<asio::steady_timer> room;  // rings when one of them is taken, or nobody wants more
    };

    void admit(AuthenticatedPeer peer);
    void welcome(Client& client, const std::string& nonce);
    asio::awaitable<void> serve(ClientId id, std::optional<std::string> refused);
    /// Until the connection ends or the rules are broken; gives how, unless the client was lost before.
    asio::awaitable<std::optional<ClientLost>> hear_out(ClientId id, Client& client);
    asio::awaitable<void> converse(ClientId id, Client& client);
    /// Until fewer of the client's events than the bound are untaken; false when it is to be heard no further.
    asio::awaitable<bool> room_for_more(Client& client);
    void get_ready(ClientId id, Client& client, const wire::Ready& ready);
    /// From now on the run does without this client, whose connection may stay until it has heard why.
    void lose(ClientLost lost);
    void say_goodbye(Client& client, bool failed, const std::string& reason);
    asio::awaitable<void> cut_off(ClientId client);
    void ended(ClientId id);
    void push(Event event);
    /// A client's own doing, which counts against its bound.
    void push_from(Client& client, Event event);
    void note_taken(const Event& event);
    static void wake_reader(Client& client);
    /// Why this client can't host these nodes, or nothing, and it does.
    [[nodiscard]] std::optional<std::string> claim_refusal(const protocol::NodeSet& nodes, ClientId claimant);

    asio::io_context& context_;
    HubOptions options_;
    Authenticator authenticator_;
    std::shared_ptr<protocol::PayloadPool> payloads_ = std::make_shared<protocol::PayloadPool>();
    std::map<ClientId, Client> clients_;  // ordered: what is sent to all goes out in the order of arrival
    ClientId last_id_ = 0;
    NodeHosts claimed_;              // by clients that are ready, or getting so
    std::uint32_t ready_nodes_ = 0;  // hosted by clients that are ready
    std::set<std::string> metered_machines_;
    std::deque<Event> events_;
    asio::steady_timer wake_;
    asio::steady_timer linger_;
    bool stop_requested_ = false;
    bool finishing_ = false;
    std::uint64_t bytes_sent_ = 0;  // over connections that have ended
    std::uint64_t bytes_received_ = 0;
};

}  // namespace fedgram::coordinator
