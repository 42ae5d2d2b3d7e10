#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "common/learning/updates/update_check.hpp"
#include "coordinator/rounds/host.hpp"

namespace fedgram::coordinator {

/// What happens to a round. `TrainingFailed`, `UpdateArrived`, `NodeHeld`, `SumArrived` and `MessageBroken` come from a
/// client's message. References are used during the call alone.

/// A client hosts these nodes from now on. May be said twice.
struct ClientJoined {
    const Host& host;
};

/// A node's update. `parameters` may hold anything: the round checks them.
struct UpdateArrived {
    ClientId client = 0;
    std::uint32_t node = 0;
    learning::UpdateMetadata metadata{};  ///< as the client states it
    double mean_loss = 0;
    std::span<const float> parameters{};
    bool hosted = false;  ///< the sender hosts the node, and its connection has not ended for good
    /// What is wrong with the host report that came with it. A client that sends such a report for an update that is
    /// awaited is dropped.
    std::optional<std::string> broken_report{};
    std::optional<learning::Refusal> unreadable{};  ///< why there are no parameters
    bool masked = false;                            ///< there are none to be seen: only what it claims can be checked
};

/// A node has been trained. Its client, which is trusted to, has checked its update and adds it to a sum.
struct NodeHeld {
    ClientId client = 0;
    std::uint32_t node = 0;
    learning::UpdateMetadata metadata{};  ///< as the client states it
    double mean_loss = 0;
    bool is_local = false;  ///< the client is of the coordinator's own machine and run
    bool hosted = false;    ///< as of an update
    std::optional<std::string> broken_report{};
};

/// The sum of updates that their client held. `words` may be anything: the round checks them.
struct SumArrived {
    ClientId client = 0;
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::span<const std::uint32_t> nodes{};
    std::uint64_t samples = 0;  ///< of all of them, as the client states it
    std::span<const float> words{};
    const protocol::NodeSet& hosted;  ///< by the sender
    std::optional<std::string> broken_report{};
};

/// A client could not train a node.
struct TrainingFailed {
    ClientId client = 0;
    std::uint32_t training = 0;
    std::uint32_t round = 0;
    std::uint32_t node = 0;
    std::string reason;
};

/// A message that can't be read.
struct MessageBroken {
    ClientId client = 0;
    std::string reason;
};

struct ClientLost {
    ClientId client = 0;
    protocol::NodeSet nodes;
    std::string reason;
    bool gave_up = false;        ///< it said goodbye: it can't host its nodes
    bool sent_away = false;      ///< it broke the rules
    bool wrong_payload = false;  ///< it sent an update of another size than the model's, which was not read
};

/// The user wants the run to stop.
struct StopRequested {};

}  // namespace fedgram::coordinator
