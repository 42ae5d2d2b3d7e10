#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "common/energy/devices/device_profile.hpp"
#include "common/energy/pricing/node_devices.hpp"
#include "common/energy/pricing/pricing.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/energy/work/training_work.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::energy {

/// What the shares of a round take on a fleet. A slower node draws its group's watts for longer.
class FleetPricing {
public:
    /// `fleet` must outlive it. `devices` has a profile for each of its devices, by id: their figures may differ.
    FleetPricing(const NodeDevices& fleet, std::span<const DeviceProfile> devices);
    explicit FleetPricing(const NodeDevices& fleet) : FleetPricing{fleet, fleet.devices()} {}
    FleetPricing(const FleetPricing&) = delete;
    FleetPricing& operator=(const FleetPricing&) = delete;

    /// All but `idle`, on a node of this kind. Bytes of `train` don't count.
    [[nodiscard]] NodeEnergy busy(const NodeKind& kind, const Work& train, std::uint64_t bytes_down,
                                  std::uint64_t bytes_up) const;
    [[nodiscard]] PhaseEnergy idle(std::uint32_t group, Seconds seconds) const { return shares_[group].idle(seconds); }
    [[nodiscard]] const NodeDevices& fleet() const { return fleet_; }
    [[nodiscard]] const DeviceProfile& device(std::uint32_t group) const { return *devices_[group]; }

private:
    const NodeDevices& fleet_;
    std::vector<DeviceProfile> profiles_;
    std::vector<const DeviceProfile*> devices_;  // by group
    std::vector<SharePricing> shares_;           // by group
};

/// When a round took place, where that was decided: by who was there, or by a deadline.
struct RoundTimes {
    Seconds waited;  ///< before it, for nodes to be there
    Seconds lasted;
    bool nodes_wait = true;  ///< who is done early waits for the round's end; not so in asynchronous training

    friend bool operator==(const RoundTimes&, const RoundTimes&) = default;
};

/// A round on a fleet: as `price` has it on devices of one kind, with each node's own. It lasts until the slowest node
/// has delivered, or as long as `times` say; who is busy for longer than that doesn't wait.
[[nodiscard]] RoundEnergy price(std::span<const NodeRound> nodes, const FleetPricing& fleet,
                                const std::optional<RoundTimes>& times = std::nullopt);

/// Adds one round's nodes as they were priced to what the fleet's groups drew. Of nodes that are lost to the round it
/// is known apart, too. It leaves `virtual_time` alone.
void add_by_group(std::span<const NodeRound> nodes, const RoundEnergy& priced, const NodeDevices& fleet,
                  Updates updates, std::span<TrainingEnergy> groups);

/// A federated training with the kind of node that did each share of it, to be priced with these or those figures.
class FleetTraining {
public:
    /// `training` is borrowed, and which nodes did what must be known. `times` has all of its numbers(), or none: then
    /// rounds last until the slowest node has delivered.
    FleetTraining(const TrainingWork& training, NodeDevices fleet, std::span<const RoundTimes> times);

    /// Round by round and by the fleet's groups.
    [[nodiscard]] FederatedCourse course(std::span<const DeviceProfile> devices) const;
    [[nodiscard]] TrainingEnergy sum(std::span<const DeviceProfile> devices) const;

private:
    struct Share {
        std::uint32_t work = 0;  ///< place in the training's
        NodeKind kind{};
        Updates updates = Updates::used;
    };
    struct Round {
        std::vector<Share> shares;
        std::optional<RoundTimes> times{};
    };
    class PricedWorks;

    void add_shares(const TrainingWork::Round& round, Updates updates, std::vector<Share>& shares) const;
    template <class Take>
    void for_each_round(std::span<const DeviceProfile> devices, Take take) const;

    const TrainingWork& training_;
    NodeDevices fleet_;
    std::vector<Round> rounds_;
};

}  // namespace fedgram::energy
