#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/link.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// What nodes of one kind draw by phase: before any PUE, without network equipment, without wasted work.
struct PhaseEnergy {
    Joules train;
    Joules download;  ///< the devices' own draw while they receive
    Joules upload;
    Joules idle;  ///< waiting for the slowest of the round

    Seconds busy;     ///< device time of train, download and upload, summed over nodes
    Seconds waiting;  ///< device time of idle, summed over nodes

    std::uint64_t bytes_down = 0;
    std::uint64_t bytes_up = 0;

    PhaseEnergy& operator+=(const PhaseEnergy& other);
};

/// What a training, or one interval of it, draws on devices of one kind, over all its nodes.
struct TrainingEnergy : PhaseEnergy {
    Seconds virtual_time;  ///< passes once, for however many nodes
};

/// A training in the order of virtual time.
struct TrainingCourse {
    TrainingEnergy sum;
    std::vector<TrainingEnergy> intervals;  ///< rounds, or a centralized training's evaluation intervals
};

/// A federated training, its Work (energy::node_rounds) priced anew as energy::price_round does, without the lines: a
/// course for each of `groups` groups of nodes, at least one. Node k is in group k mod `groups`. A round takes as long
/// for every group: until the slowest node of all has delivered.
[[nodiscard]] std::vector<TrainingCourse> federated_courses(std::span<const energy::RoundWork> rounds,
                                                            const energy::DeviceProfile& edge, const energy::Link& link,
                                                            std::size_t groups);

/// The sum of all nodes.
[[nodiscard]] TrainingEnergy federated_energy(std::span<const energy::RoundWork> rounds,
                                              const energy::DeviceProfile& edge, const energy::Link& link);

/// A centralized training: its phase `train` alone, priced anew. It sends nothing.
[[nodiscard]] TrainingCourse centralized_course(std::span<const energy::PhaseWork> training,
                                                const energy::DeviceProfile& device);

[[nodiscard]] TrainingEnergy centralized_energy(std::span<const energy::PhaseWork> training,
                                                const energy::DeviceProfile& device);

/// The phases `evaluate` and `aggregate` of any training, priced on `device`: shown apart, in no column.
[[nodiscard]] Joules coordinator_energy(std::span<const energy::PhaseWork> training,
                                        const energy::DeviceProfile& device);

}  // namespace fedgram::carbon
