#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/link.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What a training, or one interval of it, draws on devices of one kind, over all its nodes: before any PUE, without
/// network equipment, without wasted work.
struct TrainingEnergy {
    Joules train;
    Joules download;  ///< the devices' own draw while they receive
    Joules upload;
    Joules idle;  ///< waiting for the slowest of the round

    Seconds busy;     ///< device time of train, download and upload, summed over nodes
    Seconds waiting;  ///< device time of idle, summed over nodes

    std::uint64_t bytes_down = 0;
    std::uint64_t bytes_up = 0;

    Seconds virtual_time;  ///< passes once, for however many nodes

    // Of a fleet alone. On devices of one kind nothing is waited for or lost, and a link's time follows from the bytes.
    Seconds waited;       ///< of `virtual_time`, before rounds began: nothing was drawn
    Joules lost;          ///< of the sums above, what nodes drew whose updates weren't used
    Seconds lost_time;    ///< of `busy`
    Seconds downloading;  ///< of `busy`, at each node's own rate
    Seconds uploading;

    /// One node's part of a round. It leaves `virtual_time` alone: the nodes work side by side.
    void add(const NodeRound& node, const NodeEnergy& energy);
    /// The part of `count` nodes that did the same, `work` with its bytes: the same bits as one by one.
    void add(const Work& work, const NodeEnergy& energy, std::uint64_t count);

    friend bool operator==(const TrainingEnergy&, const TrainingEnergy&) = default;
};

/// A training, or the part of one that a group of nodes did, in the order of virtual time.
struct TrainingCourse {
    TrainingEnergy sum;
    std::vector<TrainingEnergy> intervals;  ///< rounds, or a centralized training's evaluation intervals
};

struct FederatedCourse {
    TrainingEnergy sum;                  ///< of all nodes
    std::vector<TrainingCourse> groups;  ///< at least one
};

/// One round as it was priced, with its nodes in `groups` groups, as federated_course has them.
[[nodiscard]] std::vector<TrainingEnergy> round_energy(std::span<const NodeRound> nodes, const RoundEnergy& priced,
                                                       std::size_t groups);

/// A federated training, priced round by round, with its nodes in `groups` groups, at least one: node k is in group
/// k mod `groups`; which nodes they are must be known where there are several. A round takes as long for every group:
/// until the slowest node of all has delivered. Sums are those of one node after the other, bit for bit.
[[nodiscard]] FederatedCourse federated_course(const TrainingWork& training, const DeviceProfile& edge,
                                               const Link& link, std::size_t groups);

/// The sum of a federated training alone.
[[nodiscard]] TrainingEnergy federated_energy(const TrainingWork& training, const DeviceProfile& edge,
                                              const Link& link);

/// An interval of a centralized training. It sends nothing.
[[nodiscard]] TrainingEnergy interval_energy(const Work& trained, const DeviceProfile& device);

/// A centralized training: what it trained alone.
[[nodiscard]] TrainingCourse centralized_course(const TrainingWork& training, const DeviceProfile& device);

/// The phases `evaluate` and `aggregate` of any training, on `device`: shown apart, in no column.
[[nodiscard]] Joules coordinator_energy(const TrainingWork& training, const DeviceProfile& device);

}  // namespace fedgram::energy
