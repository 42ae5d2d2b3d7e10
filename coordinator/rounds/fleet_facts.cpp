#include "coordinator/rounds/fleet_facts.hpp"

#include <span>
#include <utility>
#include <vector>

#include "common/carbon/emissions/emissions.hpp"
#include "coordinator/selection/virtual_hours.hpp"

namespace fedgram::coordinator {

FleetFacts::FleetFacts(const fleet::Fleet& fleet, const energy::FleetPricing& pricing,
                       const carbon::Accounting& accounting, std::uint32_t nodes, Share share, Samples samples)
    : fleet_{fleet},
      pricing_{pricing},
      accounting_{accounting},
      nodes_{nodes},
      share_{std::move(share)},
      samples_{std::move(samples)}
{
}

energy::TrainingEnergy FleetFacts::round_of(std::uint32_t node) const
{
    const auto share = share_(node);
    const std::span nodes{&share, 1};
    std::vector<energy::TrainingEnergy> groups(fleet_.devices.groups().size());
    energy::add_by_group(nodes, energy::price(nodes, pricing_), fleet_.devices, energy::Updates::used, groups);
    return groups[fleet_.devices.group_of(node)];
}

Joules FleetFacts::joules(std::uint32_t node) const
{
    return carbon::fleet_column(round_of(node), accounting_, accounting_.network).operational();
}

Seconds FleetFacts::seconds(std::uint32_t node) const { return round_of(node).busy; }

std::uint32_t FleetFacts::places() const { return static_cast<std::uint32_t>(fleet_.places.size()); }

std::optional<GramsPerKilowattHour> FleetFacts::intensity(std::uint32_t place, Seconds at) const
{
    const auto& grid = fleet_.places[place];
    if (!grid) return std::nullopt;
    if (!grid->hourly) return grid->intensity;
    const auto values = grid->hourly->hours.values();
    const auto hour = hour_of(at);
    return hour < values.size() ? std::optional{values[hour]} : std::nullopt;
}

}  // namespace fedgram::coordinator
