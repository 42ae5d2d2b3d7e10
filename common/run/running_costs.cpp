#include "common/run/running_costs.hpp"

#include <algorithm>
#include <utility>

#include "common/carbon/emissions/emissions.hpp"
#include "common/error/error.hpp"

namespace fedgram::run {

RunningCosts::RunningCosts(const carbon::Accounting& accounting, TrainingKind kind, std::uint64_t raw_data_bytes,
                           const fleet::Fleet* fleet)
    : accounting_{accounting},
      kind_{kind},
      fleet_{fleet},
      node_places_{fleet != nullptr ? fleet->places : accounting.node_places},
      places_(kind == TrainingKind::federated ? std::max<std::size_t>(1, node_places_.size()) : 1)
{
    if (kind == TrainingKind::centralized)
        places_.front().energy = carbon::centralized_column({}, accounting.pue.front(), accounting, raw_data_bytes);
}

RoundCosts RunningCosts::add(std::span<const energy::TrainingEnergy> drawn)
{
    for (std::size_t i = 0; i < places_.size(); ++i) {
        const auto more = column(drawn[i]);
        places_[i].energy += more;
        places_[i].load.push_back({drawn[i].virtual_time - drawn[i].waited, more.operational(), drawn[i].waited});
    }
    const auto before = std::exchange(reported_, energy());
    const auto emissions_before = std::exchange(reported_emissions_, emissions());
    RoundCosts costs{reported_.devices - before.devices, reported_.network - before.network, std::nullopt, country()};
    if (reported_emissions_ && emissions_before) costs.emissions = *reported_emissions_ - *emissions_before;
    return costs;
}

Joules RunningCosts::operational() const { return energy().operational(); }

std::optional<GramsCO2e> RunningCosts::emissions() const
{
    const auto& country = accounting_.countries.front();
    const bool has_places = kind_ == TrainingKind::federated && !node_places_.empty();
    GramsCO2e sum;
    try {
        for (std::size_t i = 0; i < places_.size(); ++i) {
            const auto& grid = has_places && node_places_[i] ? *node_places_[i] : country;
            sum += places_[i].energy.operational() * carbon::effective_intensity(grid, places_[i].load);
        }
    } catch (const SpecError&) {
        return std::nullopt;  // the table will say so; the training needs no grid
    }
    return sum;
}

carbon::ColumnEnergy RunningCosts::energy() const
{
    carbon::ColumnEnergy sum;
    for (const auto& place : places_) sum += place.energy;
    return sum;
}

carbon::ColumnEnergy RunningCosts::column(const energy::TrainingEnergy& drawn) const
{
    if (fleet_ != nullptr) return carbon::fleet_column(drawn, accounting_, accounting_.network);
    return kind_ == TrainingKind::federated
               ? carbon::federated_column(drawn, accounting_)
               : carbon::centralized_column(drawn, accounting_.pue.front(), accounting_, 0);
}

}  // namespace fedgram::run
