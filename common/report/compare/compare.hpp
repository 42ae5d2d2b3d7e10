#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/table/table.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// One cause of a difference between two cells.
struct DifferenceTerm {
    std::string name;  ///< "train", "network", "grid", ...
    Joules before;     ///< as counted in the cell, with PUE
    Joules after;
    GramsCO2e difference;
};

/// What makes `after` another amount than `before`: each term of the energy at the first one's grid, then the grid on
/// the second one's energy. The terms add up to the difference of the cells, without a remainder.
[[nodiscard]] std::vector<DifferenceTerm> difference(const Table& before, const Cell& in_before, const Table& after,
                                                     const Cell& in_after);

/// What drives the terms: rounds, what the devices did in them, and the cell's effective intensity.
struct Driver {
    std::string name;  ///< for people: "device time in s"
    std::string key;   ///< in JSON: "busy_seconds"
    double before;     ///< in the unit that both names end in
    double after;
};

[[nodiscard]] std::vector<Driver> drivers(const Table& before, const Cell& in_before, const Table& after,
                                          const Cell& in_after);

/// Of how two trainings were set up, what no driver shows.
struct SetUpDifference {
    std::string name;  ///< for people: "frozen layers"
    std::string key;   ///< in JSON: "frozen_to"
    std::string before;
    std::string after;
};

/// What they began with, which layers stay as they are and the precision of products, each where it isn't the same.
[[nodiscard]] std::vector<SetUpDifference> set_up_differences(const run::TrainingOutcome& before,
                                                              const run::TrainingOutcome& after);

/// The cells of every column that both tables have, in the first country that both have.
struct CommonCells {
    std::size_t country_before;  ///< index into carbon::Accounting::countries
    std::size_t country_after;
    std::vector<std::pair<Cell, Cell>> cells;
};

/// Throws SpecError when they have no cell in common.
[[nodiscard]] CommonCells common_cells(const Table& before, const Table& after);

/// Each common cell: how many grams, and term by term why. Throws as `common_cells` does.
[[nodiscard]] std::string compare(const Table& before, const Table& after);

/// The same facts with units in the keys, unrounded.
[[nodiscard]] nlohmann::ordered_json compare_json(const Table& before, const Table& after);

}  // namespace fedgram::report
