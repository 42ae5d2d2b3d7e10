#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "common/learning/updates/update_check.hpp"
#include "coordinator/rounds/host.hpp"

namespace fedgram::coordinator {

/// What a round wants done. Actions are carried out in the order in which they are given. `update at hand` is the one
/// of the event that they answer.

/// The round's global model. Comes once for each client, before its first `TrainNode`.
struct SendModel {
    ClientId client = 0;
};

struct TrainNode {
    ClientId client = 0;
    std::uint32_t node = 0;
    std::uint64_t most_steps = 0;  ///< 0: all of its local epochs
    std::uint32_t share_left = 0;  ///< nodes that still wait for this client
};

/// The client broke the protocol: tell it so, and end its connection.
struct DropClient {
    ClientId client = 0;
    std::string reason;
};

/// The update at hand enters the aggregate.
struct AddUpdate {
    std::uint32_t node = 0;
};

/// The update at hand has been checked by its client, which holds it for a sum.
struct NoteHeld {
    std::uint32_t node = 0;
};

/// The sum at hand, of these nodes' updates, enters the aggregate. What the client's meters say with it is true.
struct AddSum {
    ClientId client = 0;
    std::vector<std::uint32_t> nodes;
};

/// The host report of the update at hand is true, whether or not the update enters the aggregate.
struct RecordHostCost {
    ClientId client = 0;
    std::uint32_t node = 0;
};

/// An update does not enter the aggregate. Whether the node is lost with it shows in a `RecordWaste`.
struct RefuseUpdate {
    std::uint32_t node = 0;
    learning::Refusal refusal;
};

/// These nodes had begun to train, and their updates are not used. An uploaded update's host cost is to be on the disk
/// before its waste: checkpoints/lost_work.hpp pairs the two.
struct RecordWaste {
    std::vector<std::uint32_t> nodes;
    bool uploaded = false;
};

struct ReportClientReady {
    protocol::NodeSet nodes;
};

struct ReportClientLost {
    protocol::NodeSet nodes;
    std::string reason;
};

struct ReportTrainingFailed {
    std::uint32_t node = 0;
    std::string reason;
};

/// Nothing goes on by itself: no client hosts these nodes. Comes once for each set of nodes.
struct ReportWaiting {
    std::vector<std::uint32_t> nodes;
};

/// The round ends without these nodes. `still_training` had begun.
struct ReportExpiry {
    std::vector<std::uint32_t> lost;
    std::vector<std::uint32_t> still_training;
};

/// For the network.
using NetworkAction = std::variant<SendModel, TrainNode, DropClient>;
/// For the aggregate, the run folder and the log.
using RecordAction =
    std::variant<AddUpdate, NoteHeld, AddSum, RecordHostCost, RefuseUpdate, RecordWaste, ReportClientReady,
                 ReportClientLost, ReportTrainingFailed, ReportWaiting, ReportExpiry>;
using RoundAction = std::variant<NetworkAction, RecordAction>;

}  // namespace fedgram::coordinator
