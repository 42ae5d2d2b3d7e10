#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/carbon/assumptions/accounting.hpp"
#include "common/carbon/emissions/emissions.hpp"
#include "common/carbon/grid/grid.hpp"
#include "common/carbon/grid/hourly_intensity.hpp"
#include "common/energy/pricing/training_energy.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

/// What a training draws in one place: its nodes there, with their share of the network; or all of it in a data centre.
struct PlaceEnergy {
    ColumnEnergy energy;
    std::vector<LoadInterval> load;  ///< devices and network, by round or evaluation interval
};

/// What a table counts of what was drawn: federated_column or fleet_column, by some assumptions.
using Count = std::function<ColumnEnergy(const energy::TrainingEnergy&)>;

/// A place for each course.
[[nodiscard]] std::vector<PlaceEnergy> federated_places(std::span<const energy::TrainingCourse> courses,
                                                        const Count& count);

/// Moving the raw data, if it is charged, is no part of the load: it takes the training's own mean intensity.
[[nodiscard]] PlaceEnergy centralized_place(const energy::TrainingCourse& course, Pue pue, const Accounting& accounting,
                                            std::uint64_t raw_data_bytes);

/// The load of all places at once: their intervals are the same ones.
[[nodiscard]] std::vector<LoadInterval> whole_load(std::span<const PlaceEnergy> places);

/// What a load meets on a grid: a year's average as it is, a grid by the hour as the energy-weighted mean of its
/// hours. Throws SpecError that names the grid when the load outlasts it.
[[nodiscard]] GramsPerKilowattHour effective_intensity(const GridIntensity& grid, std::span<const LoadInterval> load);

}  // namespace fedgram::carbon
