#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/energy/pricing/fleet_pricing.hpp"
#include "common/energy/work/training_work.hpp"
#include "common/fleet/fleet.hpp"
#include "coordinator/selection/node_facts.hpp"

namespace fedgram::coordinator {

/// What a selector may know of a fleet's nodes. A place is a group of the fleet.
class FleetFacts final : public NodeFacts {
public:
    /// What is asked of a node in a round, and how many samples it trains on.
    using Share = std::function<energy::NodeRound(std::uint32_t node)>;
    using Samples = std::function<std::uint64_t(std::uint32_t node)>;

    /// `fleet`, `pricing` and `accounting` must outlive it.
    FleetFacts(const fleet::Fleet& fleet, const energy::FleetPricing& pricing, const carbon::Accounting& accounting,
               std::uint32_t nodes, Share share, Samples samples);

    [[nodiscard]] std::uint32_t nodes() const override { return nodes_; }
    [[nodiscard]] std::uint64_t samples(std::uint32_t node) const override { return samples_(node); }
    /// Devices and network.
    [[nodiscard]] Joules joules(std::uint32_t node) const override;
    [[nodiscard]] Seconds seconds(std::uint32_t node) const override;
    [[nodiscard]] std::uint32_t places() const override;
    [[nodiscard]] std::uint32_t place(std::uint32_t node) const override { return fleet_.devices.group_of(node); }
    [[nodiscard]] std::optional<GramsPerKilowattHour> intensity(std::uint32_t place, Seconds at) const override;

private:
    [[nodiscard]] energy::TrainingEnergy round_of(std::uint32_t node) const;

    const fleet::Fleet& fleet_;
    const energy::FleetPricing& pricing_;
    const carbon::Accounting& accounting_;
    std::uint32_t nodes_;
    Share share_;
    Samples samples_;
};

}  // namespace fedgram::coordinator
