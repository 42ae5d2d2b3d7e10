#pragma once

#include <asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "coordinator/clients/client_connections.hpp"
#include "coordinator/clients/host_report.hpp"
#include "coordinator/rounds/round.hpp"
#include "coordinator/trainings/round_methods.hpp"

namespace fedgram::coordinator {

/// An update, or a sum of updates, as it has arrived: what the round's event says of it, and what it leaves to those
/// who carry actions out.
struct ReceivedUpdate {
    std::span<const float> parameters;  ///< or the words of a sum
    std::uint64_t samples = 0;
    double mean_loss = 0;
    HostReport report{};
    std::uint64_t bytes = 0;  ///< that carry it
    bool state_lost = false;  ///< its node has begun anew from no state
};

/// What a round does beside the network. Implemented by a federated training, and by the tests.
class RoundEffects {
public:
    RoundEffects() = default;
    RoundEffects(const RoundEffects&) = delete;
    RoundEffects& operator=(const RoundEffects&) = delete;
    virtual ~RoundEffects() = default;

    /// `update` is the one at hand; null where the event was none.
    virtual void carry_out(const Round& round, const RecordAction& action, const ReceivedUpdate* update) = 0;
    [[nodiscard]] virtual TaskDetails details(std::uint32_t node) const = 0;
    /// Reads an update of the round that is on.
    [[nodiscard]] virtual ReadUpdate read(const Round& round, std::uint32_t node, const protocol::Frame& frame) = 0;
    /// The round is about to wait for the next event.
    virtual void waiting(const Round& round) = 0;
    /// Clients have become ready, and nothing else is to be done at once.
    virtual void clients_changed() = 0;
    /// When `write_down` is to be called at the latest: what was recorded may stay unwritten until then.
    [[nodiscard]] virtual net::Clock::time_point write_due() const = 0;
    virtual void write_down() = 0;
};

/// Leads rounds over connections: hands what happens to the round, and carries out what that answers. It decides
/// nothing.
class RoundConductor {
public:
    /// Both must outlive it.
    RoundConductor(ClientConnections& connections, RoundEffects& effects) : connections_{connections}, effects_{effects}
    {
    }

    /// Leads the round to its end. `model` is what its nodes start from.
    asio::awaitable<void> conduct(Round& round, SentModel model);

private:
    [[nodiscard]] Round::Actions tell(Round& round, const ClientEvent& event, ReceivedUpdate& update);
    [[nodiscard]] Round::Actions tell(Round& round, const FrameArrived& arrived, ReceivedUpdate& update);
    [[nodiscard]] Round::Actions tell_sum(Round& round, const FrameArrived& arrived, ReceivedUpdate& update);
    /// Several events: each is carried out before the next one.
    void tell_held(Round& round, const FrameArrived& arrived);
    /// The nodes of a client that is ready or just lost; else none.
    [[nodiscard]] const protocol::NodeSet& nodes_of(ClientId client) const;
    void carry_out(const Round& round, const Round::Actions& actions, const ReceivedUpdate* update);
    void carry_out(const Round& round, const NetworkAction& action);

    ClientConnections& connections_;
    RoundEffects& effects_;
    protocol::OutgoingFrame model_;  // of the round
    bool clients_changed_ = false;   // since the effects were told
};

}  // namespace fedgram::coordinator
