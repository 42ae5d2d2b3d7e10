#include "coordinator/client_hub.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
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

protocol::OutgoingFrame goodbye(bool failed, const std::string& reason)
{
    wire::Goodbye message;
    message.set_failed(failed);
    message.set_reason(reason);
    return protocol::frame(protocol::MessageType::goodbye, message);
}

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
    std::string reason;
    try {
        co_await converse(id, client, guest);
    } catch (const std::system_error& error) {
        reason = "the connection ended: " + error.code().message();
    } catch (const protocol::PayloadSizeError& error) {
        client.wrong_payload = true;
        reason = error.what();
    } catch (const std::exception& error) {
        reason = error.what();
    }
    if (!client.drop_reason.empty())
        reason = client.drop_reason;
    client.channel->close();
    while (outbox_running) {
        asio::error_code woken;
        co_await outbox_ended.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    ended(id, reason);
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
        client.drop_reason = *refused;
        channel.post(goodbye(true, *refused));
        co_await channel.receive(net::Clock::now() + goodbye_deadline);  // until the peer has read why, and gone
        co_return;
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
    auto deadline = net::Clock::now() + ready_deadline;
    for (;;) {
        auto frame = co_await channel.receive(deadline);
        if (client.ready || frame.type == protocol::MessageType::ready)
            deadline = net::Clock::now() + options_.silence_deadline;
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
                push(ClientReady{id});
                break;
            }
            case protocol::MessageType::goodbye:
                client.gave_up = true;
                throw ProtocolError{protocol::parse<wire::Goodbye>(frame).reason()};
            case protocol::MessageType::client_update:
            case protocol::MessageType::node_failed:
                if (!client.ready)
                    throw ProtocolError{"it sent results before it was ready"};
                push(FrameArrived{id, std::move(frame)});
                break;
            default:
                throw ProtocolError{"a client does not send messages of type " +
                                    std::to_string(static_cast<int>(frame.type))};
        }
    }
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
            if (id != claimant && std::find(taken.begin(), taken.end(), node) != taken.end())
                return "node " + std::to_string(node) + " is hosted by " + other.info.peer + " already";
        }
    }
    return std::nullopt;
}

bool ClientHub::unmetered(const std::string& machine) const
{
    return machine != options_.metered_machine && std::ranges::none_of(clients_, [&](const auto& entry) {
        const auto& info = entry.second.info;
        return info.meters_machine && info.host.machine == machine;
    });
}

void ClientHub::ended(ClientId id, const std::string& reason)
{
    const auto found = clients_.find(id);
    const Client& client = found->second;
    bytes_sent_ += client.channel->bytes_sent();
    bytes_received_ += client.channel->bytes_received();
    if (!finishing_) {
        spdlog::warn("client {} is lost: {}", client.channel->peer(), reason);
        push(ClientLost{id, client.info.host.nodes, reason, client.gave_up, client.wrong_payload});
    }
    clients_.erase(found);
    if (finishing_ && clients_.empty())
        linger_.cancel();
}

void ClientHub::push(Event event)
{
    events_.push_back(std::move(event));
    wake_.cancel();
}

asio::awaitable<std::optional<Event>> ClientHub::next(net::Clock::time_point until)
{
    while (events_.empty()) {
        wake_.expires_at(until);
        asio::error_code woken;
        co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
        if (!woken && events_.empty())
            co_return std::nullopt;
    }
    auto event = std::move(events_.front());
    events_.pop_front();
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
    if (found == clients_.end())
        return;
    try {
        found->second.channel->post(std::move(frame));
    } catch (const ProtocolError& error) {
        drop(client, error.what());
    }
}

void ClientHub::send_to_all(const protocol::OutgoingFrame& frame)
{
    for (auto& [id, client] : clients_)
        if (client.ready)
            send(id, frame);
}

void ClientHub::drop(ClientId client, const std::string& reason)
{
    if (const auto found = clients_.find(client); found != clients_.end()) {
        found->second.drop_reason = reason;
        found->second.channel->close();
    }
}

void ClientHub::finish(bool failed, const std::string& reason)
{
    finishing_ = true;
    entrance_.close();
    for (auto& [id, client] : clients_) {
        client.channel->post(goodbye(failed, reason));
        client.channel->finish();
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
