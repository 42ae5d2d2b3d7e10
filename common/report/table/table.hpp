#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/emissions/emissions.hpp"
#include "common/carbon/emissions/energy_band.hpp"
#include "common/carbon/emissions/energy_ratio.hpp"
#include "common/carbon/emissions/place_energy.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/fleet/fleet.hpp"
#include "common/report/table/measured.hpp"
#include "common/report/table/methods.hpp"
#include "common/report/table/published.hpp"
#include "common/report/table/reductions.hpp"
#include "common/run/run_record.hpp"
#include "common/text/banded_number.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

struct TableTraining {
    run::TrainingOutcome outcome;
    /// Evaluation and aggregation on the first data-centre device at the first PUE: in no column.
    Joules coordinator;
    /// By country, in whose grid it is drawn: by the hour as the training's first column is.
    std::vector<GramsCO2e> coordinator_emissions{};
    std::optional<fleet::Fleet> fleet{};  ///< of a federated training whose nodes aren't all alike
    std::uint32_t nodes = 0;              ///< of a fleet
    std::uint32_t never_took_part = 0;    ///< of these
    std::uint64_t lost_updates = 0;       ///< by virtual time
    /// The mean of its nodes' accuracies on their own test sets, by group of the fleet: nothing for one whose nodes
    /// have none. Empty where no training held any out.
    std::vector<std::optional<double>> group_accuracies{};
};

/// What one group of a fleet's nodes draws in a column.
struct FleetPart {
    energy::TrainingEnergy phases;
    carbon::EnergyBand band;  ///< of its devices and network
};

/// One training on one device, at one PUE if it is in a data centre.
struct Column {
    std::string heading;   ///< unique: "v100, PUE 1.67", "v100, aws:eu-west-3, PUE 1.135", "federated-iid, jetson-tx2"
    std::size_t training;  ///< index into Table::trainings
    std::string device;    ///< id of the profile, "fleet" of several, or the name of the meter that measured
    std::optional<carbon::Pue> pue;
    energy::TrainingEnergy phases;  ///< before PUE
    carbon::ColumnEnergy energy;    ///< as counted
    carbon::EnergyBand band;        ///< of energy.operational()
    /// What `energy` is the sum of: for each group of a fleet, or each of carbon::Accounting::node_places, what its
    /// nodes draw, else one.
    std::vector<carbon::PlaceEnergy> places;
    std::optional<std::size_t> site{};  ///< index into carbon::Accounting::datacenter_sites
    /// What its energy is, where a meter read it on the host that trained: then `phases` are those joules, and host
    /// time.
    std::optional<energy::MeasuredTraining> measured{};
    std::vector<FleetPart> parts{};  ///< of a fleet, by group
};

/// A country's row in one column. For a training that missed its target, `emissions` is the cost so far, and there
/// is no result.
struct Cell {
    std::size_t country;  ///< index into carbon::Accounting::countries
    std::size_t column;   ///< index into Table::columns
    carbon::TrainingEmissions emissions;
    std::vector<GramsPerKilowattHour> intensities;  ///< of each of the column's places, as its load meets it
    GramsPerKilowattHour intensity;                 ///< their mean, weighted by energy
    std::optional<double> published;                ///< grams
};

/// The energies of two columns with a result, the first one's over the second one's.
struct ColumnPair {
    std::size_t first;  ///< indices into Table::columns, the first one below the second
    std::size_t second;
    carbon::EnergyRatio ratio;
};

/// A view of emissions: made from spec, seed and options alone; no host's figure, time or path is in it, but in columns
/// of measured trainings, which are asked for.
struct Table {
    std::string name;
    std::string title_note;
    std::optional<double> target;
    run::EvaluationSet evaluated_on = run::EvaluationSet::test;
    std::string stop_rule;
    carbon::Accounting accounting;
    std::vector<TableTraining> trainings;
    std::vector<Column> columns;
    std::vector<Cell> cells;  ///< country by country, each in the order of columns
    std::optional<PublishedTable> published;
    std::vector<MeasuredBeside> measured{};  ///< where it has columns of measured trainings
    std::vector<ColumnPair> pairs{};
    Reductions reductions{};  ///< of its models
    Methods methods{};        ///< of its federated trainings, where one does more than plain FedAvg

    [[nodiscard]] const Cell& cell(std::size_t country, std::size_t column) const
    {
        return cells[country * columns.size() + column];
    }
    [[nodiscard]] const run::TrainingOutcome& outcome(const Column& column) const
    {
        return trainings[column.training].outcome;
    }
    /// The fleet that the column's nodes are; nullptr where they are all alike, or it is no federated training.
    [[nodiscard]] const fleet::Fleet* fleet(const Column& column) const;
    /// Only of a modelled column of one kind of device.
    [[nodiscard]] const energy::DeviceProfile& device(const Column& column) const;
    /// Of any modelled column: each device once.
    [[nodiscard]] std::span<const energy::DeviceProfile> devices(const Column& column) const;
    /// What draws in one of a modelled column's places.
    [[nodiscard]] const energy::DeviceProfile& device(const Column& column, std::size_t place) const;
    /// Of any column: what its device is called, and what its joules enclose.
    [[nodiscard]] std::string device_name(const Column& column) const;
    [[nodiscard]] std::string boundary(const Column& column) const;  ///< "board"; of unlike ones "board or module"
    /// The grid that one of the column's places draws from in a cell's row.
    [[nodiscard]] carbon::GridIntensity place(const Cell& cell, std::size_t place) const;
    /// The operational grams of a cell at the ends of its column's energy band, at the intensity of the likely values.
    /// Those of a fleet at each group's own intensity.
    [[nodiscard]] GramsCO2e low(const Cell& cell) const { return at_end(cell, &carbon::EnergyBand::low); }
    [[nodiscard]] GramsCO2e high(const Cell& cell) const { return at_end(cell, &carbon::EnergyBand::high); }
    [[nodiscard]] text::Band band(const Cell& cell) const { return {low(cell).count(), high(cell).count()}; }
    /// The cell's operational grams over its operational energy: the effective intensity.
    [[nodiscard]] GramsPerKilowattHour grid(const Cell& cell) const { return cell.intensity; }
    /// What a cell shows: nothing when the training missed its target.
    [[nodiscard]] std::optional<GramsCO2e> result(const Cell& cell) const;
    /// "90.0 % test accuracy", the target; empty without one.
    [[nodiscard]] std::string goal() const;
    /// "gCO2e to train table4 to 90.0 % test accuracy"
    [[nodiscard]] std::string title() const;

private:
    [[nodiscard]] GramsCO2e at_end(const Cell& cell, Joules (carbon::EnergyBand::*end)() const) const;
};

enum class MeasuredColumns { left_out, shown };

/// Each country by: each centralized training at each PUE on each data-centre device, then at each site, each federated
/// training on the edge device, in the order of the run's trainings; on request, behind a centralized training's, a
/// column at each PUE and site for each meter that measured all of it. `accounting` may differ from the run's own.
/// Published cells stand beside ours where `published` has them. Throws SpecError when a training outlasts a grid by
/// the hour.
[[nodiscard]] Table build_table(const run::RunRecord& run, const carbon::Accounting& accounting,
                                std::optional<PublishedTable> published = std::nullopt,
                                MeasuredColumns measured = MeasuredColumns::left_out);

}  // namespace fedgram::report
