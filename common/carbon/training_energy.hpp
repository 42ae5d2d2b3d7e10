#pragma once

#include <cstdint>
#include <span>

#include "common/energy/device_profile.hpp"
#include "common/energy/ledger.hpp"
#include "common/energy/link.hpp"
#include "common/energy/pricing.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// What a training draws on devices of one kind, over all rounds and nodes, by phase: before any PUE, without
/// network equipment, without wasted work.
struct TrainingEnergy {
    Joules train;
    Joules download;  ///< the devices' own draw while they receive
    Joules upload;
    Joules idle;  ///< waiting for the slowest of the round

    Seconds busy;     ///< device time of train, download and upload, summed over nodes
    Seconds waiting;  ///< device time of idle, summed over nodes
    Seconds virtual_time;

    std::uint64_t bytes_down = 0;
    std::uint64_t bytes_up = 0;
};

/// A federated training, its Work (energy::node_rounds) priced anew as energy::price_round does, without the lines.
[[nodiscard]] TrainingEnergy federated_energy(std::span<const energy::RoundWork> rounds,
                                              const energy::DeviceProfile& edge, const energy::Link& link);

/// A centralized training: its phase `train` alone, priced anew. It sends nothing.
[[nodiscard]] TrainingEnergy centralized_energy(std::span<const energy::LedgerLine> lines,
                                                const energy::DeviceProfile& device);

/// The phases `evaluate` and `aggregate` of any training, priced on `device`: shown apart, in no column.
[[nodiscard]] Joules coordinator_energy(std::span<const energy::LedgerLine> lines, const energy::DeviceProfile& device);

}  // namespace fedgram::carbon
