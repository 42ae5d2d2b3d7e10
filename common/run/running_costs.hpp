#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/emissions/place_energy.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/fleet/fleet.hpp"
#include "common/run/round_line.hpp"
#include "common/run/summary.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::run {

/// What a training has cost so far, by the formulas of the table: the training's first column (the first data-centre
/// device at the first PUE, or the edge device) in the first country, each node in its own place.
class RunningCosts {
public:
    /// `accounting` must outlive it, and so must `fleet`, which a federated training may have. `raw_data_bytes` is what
    /// a centralized training may have to move beforehand.
    RunningCosts(const carbon::Accounting& accounting, TrainingKind kind, std::uint64_t raw_data_bytes,
                 const fleet::Fleet* fleet = nullptr);

    [[nodiscard]] std::size_t places() const { return places_.size(); }
    /// One more round, or interval of a centralized training, by place. What it adds: the first one also what moving
    /// the raw data takes, where that is charged.
    RoundCosts add(std::span<const energy::TrainingEnergy> drawn);

    /// Devices with PUE or waiting, as the table counts them, and network.
    [[nodiscard]] Joules operational() const;
    /// Nothing where a grid by the hour ends before the training does.
    [[nodiscard]] std::optional<GramsCO2e> emissions() const;
    [[nodiscard]] const std::string& country() const { return accounting_.countries.front().iso3; }

private:
    [[nodiscard]] carbon::ColumnEnergy energy() const;
    [[nodiscard]] carbon::ColumnEnergy column(const energy::TrainingEnergy& drawn) const;

    const carbon::Accounting& accounting_;
    TrainingKind kind_;
    const fleet::Fleet* fleet_;
    /// Where the nodes are, nothing: in the row's country; empty: all are there.
    const std::vector<std::optional<carbon::GridIntensity>>& node_places_;
    std::vector<carbon::PlaceEnergy> places_;
    carbon::ColumnEnergy reported_;  // by `add` so far
    std::optional<GramsCO2e> reported_emissions_ = GramsCO2e{};
};

}  // namespace fedgram::run
