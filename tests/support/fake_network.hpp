#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/protocol/messages.hpp"
#include "coordinator/clients/client_connections.hpp"

namespace fedgram::test {

/// Clients and the network between them and the coordinator, with a clock that stands still until somebody waits for
/// an event. A client trains what it is given, one node after the other, a second for each, and its update arrives at
/// once. A test says beforehand what goes wrong, and when. Times count from the start.
class FakeNetwork final : public coordinator::ClientConnections {
public:
    using ClientId = coordinator::ClientId;
    using Seconds = std::chrono::duration<double>;

    static constexpr Seconds training_time{1};
    static constexpr Seconds silence_deadline{60};

    struct Update {
        wire::ClientUpdate message;
        std::vector<float> parameters;
    };
    /// What a client sends for a task.
    using Trainer = std::function<Update(const wire::TrainNode&)>;

    explicit FakeNetwork(Trainer trainer) : trainer_{std::move(trainer)} {}

    /// A client that is there now, and ready. `nodes` is like "0-4,7".
    ClientId connect(const std::string& nodes, std::uint32_t cores = 8);
    /// What has happened is known already: a run that begins has waited for its clients.
    void forget_news() { events_.clear(); }
    /// Something that happens then.
    void at(Seconds time, std::function<void()> what);

    // Faults of the next message of a node, whichever client trains it.

    /// It never arrives.
    void drop(std::uint32_t node) { faults_[node].dropped = true; }
    /// It arrives later by so much; others may overtake it.
    void delay(std::uint32_t node, Seconds by) { faults_[node].delay = by; }
    /// It arrives twice.
    void duplicate(std::uint32_t node) { faults_[node].duplicated = true; }
    /// It arrives changed.
    void spoil(std::uint32_t node, std::function<void(Update&)> how) { faults_[node].spoil = std::move(how); }
    /// It says that the node could not be trained.
    void fail(std::uint32_t node, std::string reason) { faults_[node].failure = std::move(reason); }

    // Faults of a client, now.

    /// Its connection ends. What has not arrived yet never does.
    void cut(ClientId client, const std::string& reason = "the connection ended");
    /// It is not heard of any more, and is lost at the silence deadline.
    void silence(ClientId client);
    /// It is lost as one that has sent a payload of another size than the model's.
    void send_wrong_payload(ClientId client);
    /// It sends this by its own choice.
    void deliver(ClientId client, const Update& update);
    void deliver(ClientId client, protocol::Frame frame);

    /// The user stops the run, now.
    void stop();

    /// What the coordinator has done, in order: "1: model", "1: train 4", "1: drop: TEXT".
    [[nodiscard]] const std::vector<std::string>& sent() const { return sent_; }
    [[nodiscard]] Seconds elapsed() const { return now_ - net::Clock::time_point{}; }
    /// How many payloads came back for further use.
    [[nodiscard]] std::uint32_t recycled() const { return recycled_; }

    [[nodiscard]] net::Clock::time_point now() const override { return now_; }
    asio::awaitable<std::optional<coordinator::ClientEvent>> next(net::Clock::time_point until) override;
    [[nodiscard]] bool has_news() const override { return !events_.empty(); }
    [[nodiscard]] bool stop_requested() const override { return stop_requested_; }
    [[nodiscard]] std::vector<const coordinator::Host*> ready_hosts() const override;
    [[nodiscard]] bool is_ready(ClientId client) const override;
    [[nodiscard]] const coordinator::Host* host_of(ClientId client) const override;
    void send(ClientId client, protocol::OutgoingFrame frame) override;
    void drop(ClientId client, const std::string& reason) override;
    void recycle(std::vector<float> payload) override;

private:
    struct Fault {
        bool dropped = false;
        bool duplicated = false;
        Seconds delay{0};
        std::function<void(Update&)> spoil;
        std::optional<std::string> failure;
    };
    struct Client {
        coordinator::Host host;
        bool ready = true;
        bool silent = false;
        net::Clock::time_point free{};  // when it has trained what it was given
    };

    void at(net::Clock::time_point time, std::function<void()> what);
    void train(ClientId client, const wire::TrainNode& task);
    void lose(coordinator::ClientLost lost);

    Trainer trainer_;
    net::Clock::time_point now_{};
    std::multimap<net::Clock::time_point, std::function<void()>> to_come_;
    std::deque<coordinator::ClientEvent> events_;
    std::map<ClientId, Client> clients_;
    std::map<std::uint32_t, Fault> faults_;  // by node
    std::vector<std::string> sent_;
    std::uint32_t recycled_ = 0;
    bool stop_requested_ = false;
};

}  // namespace fedgram::test
