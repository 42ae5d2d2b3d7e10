#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "common/carbon/emissions/energy_ratio.hpp"
#include "common/report/table/table.hpp"

namespace fedgram::report {

/// Two cells of a row whose order the figures don't tell: the ratio of their grams may be 1, whichever values within
/// their bands the figures have, the same one wherever both cells rest on it.
struct AlikeCells {
    std::size_t first;  ///< columns, the first one below the second
    std::size_t second;
    carbon::EnergyRatio ratio;  ///< of the first one's grams to the second one's
};

/// The ratio of a pair's grams in one country's row; nothing where the second one's grid is 0.
[[nodiscard]] std::optional<carbon::EnergyRatio> grams_ratio(const Table& table, const ColumnPair& pair,
                                                             std::size_t country);

/// The same of any two columns with a result.
[[nodiscard]] std::optional<carbon::EnergyRatio> grams_ratio(const Table& table, std::size_t over, std::size_t under,
                                                             std::size_t country);

/// In one country's row, in the order of Table::pairs. Grid intensities have no band; each cell's is as its load meets
/// it.
[[nodiscard]] std::vector<AlikeCells> not_told_apart(const Table& table, std::size_t country);

/// The headings of the columns that a cell isn't told apart from.
[[nodiscard]] std::vector<std::string> alike_columns(const Table& table, const Cell& cell);

}  // namespace fedgram::report
