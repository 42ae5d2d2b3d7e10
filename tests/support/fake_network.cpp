#include "tests/support/fake_network.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace fedgram::test {

using namespace coordinator;

namespace {

net::Clock::duration ticks(FakeNetwork::Seconds time) { return std::chrono::duration_cast<net::Clock::duration>(time); }

}  // namespace

ClientId FakeNetwork::connect(const std::string& nodes, std::uint32_t cores)
{
    const ClientId id = clients_.size() + 1;
    clients_[id].host = {id, "machine", cores, protocol::NodeSet::parse(nodes).value()};
    events_.emplace_back(ClientReady{id});
    return id;
}

void FakeNetwork::at(Seconds time, std::function<void()> what)
{
    at(net::Clock::time_point{} + ticks(time), std::move(what));
}

void FakeNetwork::at(net::Clock::time_point time, std::function<void()> what)
{
    to_come_.emplace(time, std::move(what));
}

void FakeNetwork::cut(ClientId client, const std::string& reason)
{
    lose({.client = client, .nodes = clients_.at(client).host.nodes, .reason = reason});
}

void FakeNetwork::silence(ClientId client)
{
    clients_.at(client).silent = true;
    at(now_ + ticks(silence_deadline), [this, client] { cut(client, "no answer before the deadline"); });
}

void FakeNetwork::send_wrong_payload(ClientId client)
{
    lose({.client = client,
          .nodes = clients_.at(client).host.nodes,
          .reason = "a payload of another size",
          .sent_away = true,
          .wrong_payload = true});
}

void FakeNetwork::deliver(ClientId client, const Update& update)
{
    deliver(client, protocol::Frame{protocol::MessageType::client_update, update.message.SerializeAsString(),
                                    update.parameters});
}

void FakeNetwork::deliver(ClientId client, protocol::Frame frame)
{
    const auto& sender = clients_.at(client);
    if (sender.ready && !sender.silent) events_.emplace_back(FrameArrived{client, std::move(frame)});
}

void FakeNetwork::stop()
{
    stop_requested_ = true;
    events_.emplace_back(StopRequested{});
}

asio::awaitable<std::optional<ClientEvent>> FakeNetwork::next(net::Clock::time_point until)
{
    while (events_.empty()) {
        const auto first = to_come_.begin();
        if (first == to_come_.end() && until == net::Clock::time_point::max())
            throw std::logic_error{"this wait has no end"};
        if (first == to_come_.end() || first->first > until) {
            now_ = std::max(now_, until);
            co_return std::nullopt;
        }
        now_ = std::max(now_, first->first);
        const auto happen = std::move(first->second);
        to_come_.erase(first);
        happen();
    }
    auto event = std::move(events_.front());
    events_.pop_front();
    co_return event;
}

std::vector<const Host*> FakeNetwork::ready_hosts() const
{
    std::vector<const Host*> hosts;
    for (const auto& [id, client] : clients_)
        if (client.ready) hosts.push_back(&client.host);
    return hosts;
}

bool FakeNetwork::is_ready(ClientId client) const { return clients_.at(client).ready; }

const Host* FakeNetwork::host_of(ClientId client) const { return &clients_.at(client).host; }

void FakeNetwork::send(ClientId client, protocol::OutgoingFrame frame)
{
    if (!clients_.at(client).ready) return;
    auto line = std::to_string(client) + ": ";
    if (frame.type == protocol::MessageType::train_node) {
        const auto task = protocol::parse<wire::TrainNode>({frame.type, frame.header, {}});
        sent_.push_back(line + "train " + std::to_string(task.node()));
        train(client, task);
    } else {
        sent_.push_back(line + "model");
    }
}

void FakeNetwork::train(ClientId client, const wire::TrainNode& task)
{
    const auto fault = std::exchange(faults_[task.node()], {});
    auto& trains = clients_.at(client);
    trains.free = std::max(trains.free, now_) + ticks(training_time);
    if (fault.dropped) return;
    protocol::Frame frame;
    if (fault.failure) {
        wire::NodeFailed failed;
        failed.set_training(task.training());
        failed.set_round(task.round());
        failed.set_node(task.node());
        failed.set_reason(*fault.failure);
        frame = {protocol::MessageType::node_failed, failed.SerializeAsString(), {}};
    } else {
        auto update = trainer_(task);
        if (fault.spoil) fault.spoil(update);
        frame = {protocol::MessageType::client_update, update.message.SerializeAsString(), update.parameters};
    }
    const auto arrives = trains.free + ticks(fault.delay);
    for (int copies = fault.duplicated ? 2 : 1; copies > 0; --copies)
        at(arrives, [this, client, frame] { deliver(client, frame); });
}

void FakeNetwork::drop(ClientId client, const std::string& reason)
{
    sent_.push_back(std::to_string(client) + ": drop: " + reason);
    lose({.client = client, .nodes = clients_.at(client).host.nodes, .reason = reason, .sent_away = true});
}

void FakeNetwork::lose(ClientLost lost)
{
    if (std::exchange(clients_.at(lost.client).ready, false)) events_.emplace_back(std::move(lost));
}

void FakeNetwork::recycle(std::vector<float>) { ++recycled_; }

}  // namespace fedgram::test
