#pragma once

#include <string>
#include <vector>

#include "common/carbon/table.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::carbon {

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

/// Every column that both tables have, in the first country that both have: how many grams, and term by term why.
/// Throws SpecError when they have no cell in common.
[[nodiscard]] std::string compare(const Table& before, const Table& after);

}  // namespace fedgram::carbon
