#include "coordinator/clients/client_hub.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/redirect_error.hpp>
#include <iterator>
#include <utility>

#include "common/net/address.hpp"
#include "common/protocol/messages.hpp"
#include "common/protocol/proof.hpp"

namespace fedgram::coordinator {

namespace {

using namespace std::chrono_literals;

// A client reads its data and opens its engine between Welcome and Ready; the specification's silence deadline is for
// training, this one for start-up on a loaded machine.
constexpr auto ready_deadline = 120s;

constexpr auto goodbye_deadline = 5s;

constexpr std::uint32_t heartbeats_per_deadline = 6;

protocol::OutgoingFrame goodbye(bool failed, const std::string& reason)
{
    wire::Goodbye message;
    message.set_failed(failed);
    message.set_reason(reason);
    return protocol::frame(protocol::MessageType::goodbye, message);
}

/// HOST:PORT of a peer's connection.
bool is_loopback(const std::string& peer)
{
    asio::error_code unknown;
    const auto address = asio::ip::make_address(net::host_of(peer), unknown);
    return !unknown && address.is_loopback();
}

/// The client's own words.
struct GaveUp : ProtocolError {
    using ProtocolError::ProtocolError;
};

}  // namespace

ClientHub::ClientHub(asio::io_context& context, asio::ip::tcp::acceptor acceptor, HubOptions options)
    : context_{context},
      options_{std::move(options)},
      authenticator_{context, std::move(acceptor), options_.admission,
                     [this](net::AuthenticatedPeer peer) { admit(std::move(peer)); }},
      hosts_{options_.nodes},
      events_{context},
      linger_{context}
{
}

void ClientHub::start() { authenticator_.open(); }

void ClientHub::admit(net::AuthenticatedPeer peer)
{
    const ClientId id = ++last_id_;
    Client& client = clients_[id];
    events_.open(id);
    client.channel = std::move(peer.channel);
    client.info.pid = peer.hello.pid();
    client.info.peer = client.channel->peer();
    client.info.host = {id, peer.hello.machine(), std::max(1u, peer.hello.cores()), {}};
    auto refused = host_refusal(peer.nodes, id);
    if (!refused) {
        client.info.host.nodes = std::move(peer.nodes);
        // A process that proves the run's secret was started for the run. One of another machine may name this one, so
        // that its connection must come from here, too.
        client.info.host.is_local = options_.admission.secret && is_loopback(client.info.peer) &&
                                    client.info.host.machine == options_.own_machine;
        welcome(client, peer.hello.nonce());
    }
    asio::co_spawn(context_, serve(id, std::move(refused)), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

void ClientHub::welcome(Client& client, const std::string& nonce)
{
    wire::Welcome message;
    message.set_spec_json(options_.spec_json);
    message.set_heartbeat_ms(std::max<std::uint32_t>(
        1, static_cast<std::uint32_t>(options_.silence_deadline.count()) / heartbeats_per_deadline));
    // No two processes read the meters of one machine.
    const auto& machine = client.info.host.machine;
    client.info.meters_machine = machine != options_.own_machine && metered_machines_.insert(machine).second;
    message.set_meter_machine(client.info.meters_machine);
    message.set_is_local(client.info.host.is_local);
    client.channel->post(
        protocol::handshake_frame(protocol::MessageType::welcome, message, options_.admission.secret, nonce));
    protocol::Limits limits;
    limits.payload_bytes = options_.payload_bytes;
    limits.encoded_bytes = options_.encoded_bytes;
    limits.partial_sums = options_.trusts_all_sums || client.info.host.is_local;
    client.channel->set_limits(limits, payloads_);
}

asio::awaitable<void> ClientHub::serve(ClientId id, std::optional<std::string> refused)
{
    // The map's nodes don't move, and only this coroutine erases its own.
    Client& client = clients_[id];
    bool outbox_running = true;
    asio::steady_timer outbox_ended{context_, net::Clock::time_point::max()};
    asio::co_spawn(context_, client.channel->run_outbox(options_.silence_deadline),
                   [&client, &outbox_running, &outbox_ended](const std::exception_ptr& failure) {
                       outbox_running = false;
                       outbox_ended.cancel();
                       if (failure) client.channel->close();  // ends the reading side too
                   });
    std::optional<ClientLost> lost;
    if (refused) {
        static_cast<void>(co_await events_.room(id));
        lost = {.client = id, .nodes = {}, .reason = *refused, .sent_away = true};
    } else {
        lost = co_await read_until_lost(id, client);
    }
    if (lost) {
        if (lost->sent_away) say_goodbye(client, true, lost->reason);
        lose(std::move(*lost));
    }
    // Closing with bytes unread would take the goodbye back: the peer reads why, and goes.
    co_await client.channel->drain(net::Clock::now() + goodbye_deadline);
    client.channel->close();
    while (outbox_running) {
        asio::error_code woken;
        co_await outbox_ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    ended(id);
}

asio::awaitable<std::optional<ClientLost>> ClientHub::read_until_lost(ClientId id, Client& client)
{
    ClientLost lost{.client = id, .nodes = client.info.host.nodes, .reason = {}};
    try {
        co_await converse(id, client);
    } catch (const std::system_error& error) {
        lost.reason = "the connection ended: " + error.code().message();
    } catch (const Timeout& error) {
        lost.reason = error.what();
    } catch (const GaveUp& error) {
        lost.gave_up = true;
        lost.reason = error.what();
    } catch (const protocol::PayloadSizeError& error) {
        lost.wrong_payload = true;
        lost.sent_away = true;
        lost.reason = error.what();
    } catch (const std::exception& error) {
        lost.sent_away = true;
        lost.reason = error.what();
    }
    if (client.lost) co_return std::nullopt;
    co_return lost;
}

asio::awaitable<void> ClientHub::converse(ClientId id, Client& client)
{
    net::Channel& channel = *client.channel;
    auto ready_by = net::Clock::now() + ready_deadline;
    while (!client.lost) {
        if (!events_.has_room(id)) {
            if (!co_await events_.room(id)) break;
            ready_by = net::Clock::now() + ready_deadline;
        }
        auto arriving = client.ready ? channel.receive(options_.silence_deadline) : channel.receive(ready_by);
        auto frame = co_await std::move(arriving);
        if (client.lost) break;
        switch (frame.type) {
            case protocol::MessageType::heartbeat:
                break;
            case protocol::MessageType::ready:
                get_ready(id, client, protocol::parse<wire::Ready>(frame));
                break;
            case protocol::MessageType::goodbye:
                throw GaveUp{protocol::parse<wire::Goodbye>(frame).reason()};
            case protocol::MessageType::client_update:
            case protocol::MessageType::encoded_update:
            case protocol::MessageType::node_failed:
            case protocol::MessageType::nodes_held:
            case protocol::MessageType::partial_sum:
                if (!client.ready) throw ProtocolError{"it sent results before it was ready"};
                events_.push(FrameArrived{id, std::move(frame)});
                break;
            default:
                throw ProtocolError{"a client does not send messages of type " +
                                    std::to_string(static_cast<int>(frame.type))};
        }
    }
}

void ClientHub::get_ready(ClientId id, Client& client, const wire::Ready& ready)
{
    if (ready.data_sha256() != options_.data_sha256)
        throw ProtocolError{"its data differs from the coordinator's: SHA-256 " + ready.data_sha256() + " instead of " +
                            options_.data_sha256 +
                            "; give both the same --data-dir content (and model.start, where layers are frozen)"};
    client.info.engine = ready.engine();
    if (std::exchange(client.ready, true)) return;
    ready_nodes_ += client.info.host.nodes.size();
    events_.push(ClientReady{id});
}

std::optional<std::string> ClientHub::host_refusal(const protocol::NodeSet& nodes, ClientId claimant)
{
    if (nodes.empty()) return "it hosts no node";
    if (const auto last = nodes.ranges().back().last; last >= options_.nodes)
        return "there is no node " + std::to_string(last) + "; this run has " + std::to_string(options_.nodes) +
               ", counted from 0";
    if (const auto taken = hosts_.claim(nodes, claimant))
        return "node " + std::to_string(taken->node) + " is hosted by " + clients_.at(taken->host).info.peer +
               " already";
    return std::nullopt;
}

void ClientHub::lose(ClientLost lost)
{
    Client& client = clients_[lost.client];
    const auto& nodes = client.info.host.nodes;
    client.lost = true;
    if (std::exchange(client.ready, false)) ready_nodes_ -= nodes.size();
    hosts_.release(nodes, lost.client);
    if (client.info.meters_machine) metered_machines_.erase(client.info.host.machine);
    events_.mute(lost.client);
    if (finishing_) return;
    spdlog::warn("client {} is lost: {}", client.channel->peer(), lost.reason);
    events_.push(std::move(lost));
}

void ClientHub::say_goodbye(Client& client, bool failed, const std::string& reason)
{
    try {
        client.channel->post(goodbye(failed, reason));
        client.channel->finish();
    } catch (const ProtocolError&) {
        client.channel->close();  // it has not read for long
    }
}

void ClientHub::ended(ClientId id)
{
    const auto found = clients_.find(id);
    bytes_sent_ += found->second.channel->bytes_sent();
    bytes_received_ += found->second.channel->bytes_received();
    clients_.erase(found);
    events_.close(id);
    if (finishing_ && clients_.empty()) linger_.cancel();
}

void ClientHub::request_stop()
{
    stop_requested_ = true;
    events_.push(StopRequested{});
}

std::vector<const ClientInfo*> ClientHub::clients() const
{
    std::vector<const ClientInfo*> infos;
    for (const auto& [id, client] : clients_)
        if (client.ready) infos.push_back(&client.info);
    return infos;
}

bool ClientHub::is_ready(ClientId client) const
{
    const auto found = clients_.find(client);
    return found != clients_.end() && found->second.ready;
}

std::vector<const Host*> ClientHub::ready_hosts() const
{
    std::vector<const Host*> hosts;
    for (const auto* client : clients()) hosts.push_back(&client->host);
    return hosts;
}

const Host* ClientHub::host_of(ClientId client) const
{
    const auto found = clients_.find(client);
    return found == clients_.end() ? nullptr : &found->second.info.host;
}

protocol::NodeSet ClientHub::missing_nodes() const
{
    std::vector<protocol::NodeSet::Range> ranges;
    for (const auto* client : clients()) std::ranges::copy(client->host.nodes.ranges(), std::back_inserter(ranges));
    std::ranges::sort(ranges, {}, &protocol::NodeSet::Range::first);
    protocol::NodeSet present;
    for (const auto& range : ranges) static_cast<void>(present.append(range));
    protocol::NodeSet all;
    if (options_.nodes > 0) static_cast<void>(all.append({0, options_.nodes - 1}));
    return all.without(present);
}

void ClientHub::send(ClientId client, protocol::OutgoingFrame frame)
{
    const auto found = clients_.find(client);
    if (found == clients_.end() || found->second.lost) return;
    try {
        found->second.channel->post(std::move(frame));
    } catch (const ProtocolError& error) {
        drop(client, error.what());
    }
}

void ClientHub::drop(ClientId client, const std::string& reason)
{
    const auto found = clients_.find(client);
    if (found == clients_.end() || found->second.lost) return;
    lose({.client = client, .nodes = found->second.info.host.nodes, .reason = reason, .sent_away = true});
    say_goodbye(found->second, true, reason);
    // Its connection ends once it has read the goodbye. One that stays on regardless is cut off.
    found->second.cut_off.emplace(context_, goodbye_deadline);
    found->second.cut_off->async_wait([this, client](const asio::error_code& cancelled) {
        const auto late = clients_.find(client);
        if (!cancelled && late != clients_.end()) late->second.channel->close();
    });
}

void ClientHub::finish(bool failed, const std::string& reason)
{
    finishing_ = true;
    authenticator_.close();
    for (auto& [id, client] : clients_) {
        if (!client.lost) say_goodbye(client, failed, reason);
    }
    events_.finish();
    if (clients_.empty()) return;
    // Each client closes its connection once it has read this; one that doesn't is cut off.
    linger_.expires_after(goodbye_deadline);
    linger_.async_wait([this](const asio::error_code& cancelled) {
        if (!cancelled)
            for (auto& [id, client] : clients_) client.channel->close();
    });
}

std::uint64_t ClientHub::bytes_sent() const
{
    auto sum = bytes_sent_;
    for (const auto& [id, client] : clients_) sum += client.channel->bytes_sent();
    return sum;
}

std::uint64_t ClientHub::bytes_received() const
{
    auto sum = bytes_received_;
    for (const auto& [id, client] : clients_) sum += client.channel->bytes_received();
    return sum;
}

}  // namespace fedgram::coordinator
