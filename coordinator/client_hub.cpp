#include "coordinator/client_hub.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <asio/detached.hpp>
#include <asio/redirect_error.hpp>
#include <set>

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

// A client answers one task at a time. While nobody takes what it sends, as in an evaluation or in a whole centralized
// training, it is read no further than this, so that it can't fill the memory with updates.
constexpr std::size_t most_untaken_events = 4;

protocol::OutgoingFrame goodbye(bool failed, const std::string& reason)
{
    wire::Goodbye message;
    message.set_failed(failed);
    message.set_reason(reason);
    return protocol::frame(protocol::MessageType::goodbye, message);
}

/// The client's own words.
struct GaveUp : ProtocolError {
    using ProtocolError::ProtocolError;
};

}  // namespace

ClientHub::ClientHub(asio::io_context& context, asio::ip::tcp::acceptor acceptor, HubOptions options)
    : context_{context},
      options_{std::move(options)},
      entrance_{context, std::move(acceptor), options_.admission, [this](Guest guest) { admit(std::move(guest)); }},
      wake_{context, net::Clock::time_point::max()},
      linger_{context}
{
}

void ClientHub::start() { entrance_.open(); }

void ClientHub::admit(Guest guest)
{
    const ClientId id = ++last_id_;
    clients_[id].channel = std::move(guest.channel);
    asio::co_spawn(context_, serve(id, std::move(guest)), [](std::exception_ptr failure) {
        if (failure) std::rethrow_exception(failure);
    });
}

asio::awaitable<void> ClientHub::serve(ClientId id, Guest guest)
{
    // The map's nodes don't move, and only this coroutine erases its own.
    Client& client = clients_[id];
    bool outbox_running = true;
    asio::steady_timer outbox_ended{context_, net::Clock::time_point::max()};
    asio::co_spawn(context_, client.channel->run_outbox(options_.silence_deadline),
                   [&client, &outbox_running, &outbox_ended](std::exception_ptr failure) {
                       outbox_running = false;
                       outbox_ended.cancel();
                       if (failure)
                           client.channel->close();  // ends the reading side too
                   });
    if (auto lost = co_await hear_out(id, client, guest)) {
        if (lost->sent_away)
            say_goodbye(client, true, lost->reason);
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

asio::awaitable<std::optional<ClientLost>> ClientHub::hear_out(ClientId id, Client& client, const Guest& guest)
{
    ClientLost lost{.client = id, .nodes = {}, .reason = {}};
    try {
        co_await converse(id, client, guest);
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
    if (client.lost)
        co_return std::nullopt;
    lost.nodes = client.info.host.nodes;
    co_return lost;
}

asio::awaitable<void> ClientHub::converse(ClientId id, Client& client, const Guest& guest)
{
    net::Channel& channel = *client.channel;
    const auto& hello = guest.hello;
    client.info.host = {id, hello.machine(), std::max(1u, hello.cores()), guest.nodes.ids()};
    client.info.pid = hello.pid();
    client.info.peer = channel.peer();
    if (const auto refused = claim_refusal(client.info.host.nodes, id)) {
        client.info.host.nodes.clear();  // they are somebody else's
        throw ProtocolError{*refused};
    }

    wire::Welcome welcome;
    welcome.set_spec_json(options_.spec_json);
    welcome.set_heartbeat_ms(
        std::max<std::uint32_t>(1, static_cast<std::uint32_t>(options_.silence_deadline.count()) / heartbeats_per_deadline));
    client.info.meters_machine = unmetered(client.info.host.machine);
    welcome.set_meter_machine(client.info.meters_machine);
    channel.post(
        protocol::proven_frame(protocol::MessageType::welcome, welcome, options_.admission.secret, hello.nonce()));

    protocol::Limits limits;
    limits.payload_bytes = options_.payload_bytes;
    channel.set_limits(limits);
    const auto ready_by = net::Clock::now() + ready_deadline;
    while (co_await room_for_more(client)) {
        auto arriving = client.ready ? channel.receive(options_.silence_deadline) : channel.receive(ready_by);
        auto frame = co_await std::move(arriving);
        if (client.lost)
            break;
        switch (frame.type) {
            case protocol::MessageType::heartbeat:
                break;
            case protocol::MessageType::ready: {
                const auto ready = protocol::parse<wire::Ready>(frame);
                if (ready.data_sha256() != options_.data_sha256)
                    throw ProtocolError{"its data differs from the coordinator's: SHA-256 " + ready.data_sha256() +
                                        " instead of " + options_.data_sha256 + "; give both the same --data-dir content"};
                client.info.engine = ready.engine();
                client.ready = true;
                push_from(client, ClientReady{id});
                break;
            }
            case protocol::MessageType::goodbye:
                throw GaveUp{protocol::parse<wire::Goodbye>(frame).reason()};
            case protocol::MessageType::client_update:
            case protocol::MessageType::node_failed:
                if (!client.ready)
                    throw ProtocolError{"it sent results before it was ready"};
                push_from(client, FrameArrived{id, std::move(frame)});
                break;
            default:
                throw ProtocolError{"a client does not send messages of type " +
                                    std::to_string(static_cast<int>(frame.type))};
        }
    }
}

asio::awaitable<bool> ClientHub::room_for_more(Client& client)
{
    while (client.untaken >= most_untaken_events && !client.lost && !finishing_) {
        if (!client.room)
            client.room.emplace(context_, net::Clock::time_point::max());
        asio::error_code woken;
        co_await client.room->async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    co_return !client.lost && client.untaken < most_untaken_events;
}

std::optional<std::string> ClientHub::claim_refusal(const std::vector<std::uint32_t>& nodes, ClientId claimant) const
{
    if (nodes.empty())
        return "it hosts no node";
    for (const auto node : nodes) {
        if (node >= options_.nodes)
            return "there is no node " + std::to_string(node) + "; this run has " + std::to_string(options_.nodes) +
                   ", counted from 0";
        for (const auto& [id, other] : clients_) {
            const auto& taken = other.info.host.nodes;
            if (id != claimant && !other.lost && std::find(taken.begin(), taken.end(), node) != taken.end())
                return "node " + std::to_string(node) + " is hosted by " + other.info.peer + " already";
        }
    }
    return std::nullopt;
}

bool ClientHub::unmetered(const std::string& machine) const
{
    return machine != options_.metered_machine && std::ranges::none_of(clients_, [&](const auto& entry) {
        const auto& info = entry.second.info;
        return !entry.second.lost && info.meters_machine && info.host.machine == machine;
    });
}

void ClientHub::lose(ClientLost lost)
{
    Client& client = clients_[lost.client];
    client.lost = true;
    client.ready = false;
    wake_reader(client);
    if (finishing_)
        return;
    spdlog::warn("client {} is lost: {}", client.channel->peer(), lost.reason);
    push(std::move(lost));
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
    if (finishing_ && clients_.empty())
        linger_.cancel();
}

void ClientHub::push(Event event)
{
    events_.push_back(std::move(event));
    wake_.cancel();
}

void ClientHub::push_from(Client& client, Event event)
{
    ++client.untaken;
    push(std::move(event));
}

void ClientHub::note_taken(const Event& event)
{
    const auto* const ready = std::get_if<ClientReady>(&event);
    const auto* const frame = std::get_if<FrameArrived>(&event);
    if (!ready && !frame)
        return;
    const auto found = clients_.find(ready ? ready->client : frame->client);
    if (found == clients_.end())
        return;
    --found->second.untaken;
    wake_reader(found->second);
}

void ClientHub::wake_reader(Client& client)
{
    if (client.room)
        client.room->cancel();
}

asio::awaitable<std::optional<Event>> ClientHub::next(net::Clock::time_point until)
{
    while (events_.empty()) {
        if (co_await net::ring(wake_, until) && events_.empty())
            co_return std::nullopt;
    }
    auto event = std::move(events_.front());
    events_.pop_front();
    note_taken(event);
    co_return event;
}

void ClientHub::request_stop()
{
    stop_requested_ = true;
    push(StopRequested{});
}

std::vector<ClientInfo> ClientHub::clients() const
{
    std::vector<ClientInfo> infos;
    for (const auto& [id, client] : clients_)
        if (client.ready)
            infos.push_back(client.info);
    return infos;
}

std::vector<Host> ClientHub::hosts() const
{
    std::vector<Host> hosts;
    for (const auto& [id, client] : clients_)
        if (client.ready)
            hosts.push_back(client.info.host);
    return hosts;
}

std::vector<std::uint32_t> ClientHub::nodes_of(ClientId client) const
{
    const auto found = clients_.find(client);
    return found == clients_.end() ? std::vector<std::uint32_t>{} : found->second.info.host.nodes;
}

std::vector<std::uint32_t> ClientHub::missing_nodes(std::uint32_t count) const
{
    std::set<std::uint32_t> present;
    for (const auto& [id, client] : clients_)
        if (client.ready)
            present.insert(client.info.host.nodes.begin(), client.info.host.nodes.end());
    std::vector<std::uint32_t> missing;
    for (std::uint32_t node = 0; node < count; ++node)
        if (!present.contains(node))
            missing.push_back(node);
    return missing;
}

void ClientHub::send(ClientId client, protocol::OutgoingFrame frame)
{
    const auto found = clients_.find(client);
    if (found == clients_.end() || found->second.lost)
        return;
    try {
        found->second.channel->post(std::move(frame));
    } catch (const ProtocolError& error) {
        drop(client, error.what());
    }
}

void ClientHub::drop(ClientId client, const std::string& reason)
{
    const auto found = clients_.find(client);
    if (found == clients_.end() || found->second.lost)
        return;
    lose({.client = client, .nodes = found->second.info.host.nodes, .reason = reason, .sent_away = true});
    say_goodbye(found->second, true, reason);
    // Its connection hears the goodbye; one that stays on regardless is cut off.
    asio::co_spawn(context_, cut_off(client), asio::detached);
}

asio::awaitable<void> ClientHub::cut_off(ClientId client)
{
    asio::steady_timer timer{context_, goodbye_deadline};
    co_await timer.async_wait(asio::use_awaitable);
    if (const auto found = clients_.find(client); found != clients_.end())
        found->second.channel->close();
}

void ClientHub::finish(bool failed, const std::string& reason)
{
    finishing_ = true;
    entrance_.close();
    for (auto& [id, client] : clients_) {
        if (!client.lost)
            say_goodbye(client, failed, reason);
        wake_reader(client);
    }
    if (clients_.empty())
        return;
    // Each client closes its connection once it has read this; one that doesn't is cut off.
    linger_.expires_after(goodbye_deadline);
    linger_.async_wait([this](const asio::error_code& cancelled) {
        if (!cancelled)
            for (auto& [id, client] : clients_)
                client.channel->close();
    });
}

std::uint64_t ClientHub::bytes_sent() const
{
    auto sum = bytes_sent_;
    for (const auto& [id, client] : clients_)
        sum += client.channel->bytes_sent();
    return sum;
}

std::uint64_t ClientHub::bytes_received() const
{
    auto sum = bytes_received_;
    for (const auto& [id, client] : clients_)
        sum += client.channel->bytes_received();
    return sum;
}

}  // namespace fedgram::coordinator
