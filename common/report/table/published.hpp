#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/units/quantity.hpp"

namespace fedgram::report {

struct PublishedColumn {
    std::string training;               ///< label of the training that it stands beside
    std::optional<std::string> device;  ///< nothing: whatever device we price
    std::optional<double> pue;
};

struct PublishedRow {
    std::string country;  ///< ISO 3166 alpha-3
    GramsPerKilowattHour implied_grid;
    std::vector<std::optional<double>> cells;  ///< gCO2e, one for each column; nothing where not legible
};

/// A table from the literature, printed to one decimal, and the grid intensities that its cells imply.
struct PublishedTable {
    std::string id;
    std::string title;
    std::string source;
    std::string grid_source;  ///< where the implied intensities come from
    std::vector<PublishedColumn> columns;
    std::vector<PublishedRow> rows;

    [[nodiscard]] const PublishedRow* row(std::string_view country) const;
    /// The published grams, if there are any for this cell.
    [[nodiscard]] std::optional<double> find(std::string_view country, std::string_view training,
                                             std::string_view device, std::optional<double> pue) const;
};

/// A data file of record; `where` names it in errors. Throws DataError.
[[nodiscard]] PublishedTable parse_published_table(const nlohmann::ordered_json& json, const std::string& where);

/// A published table worked out once more from itself: one energy for each column, one intensity for each row.
struct RecomputedTable {
    struct Cell {
        std::optional<double> grams;  ///< rounded to one decimal; nothing in a column without a legible cell
        bool off = false;             ///< more than a tenth of a gram from the published cell
    };
    std::vector<Joules> energy;           ///< by column; 0 where no cell tells it
    std::vector<std::vector<Cell>> rows;  ///< by row and column
};

/// A column's energy is the middle of what its rounded cells allow; where they contradict each other, the least
/// squares fit. A row whose implied intensity is 0 says nothing of energy.
[[nodiscard]] RecomputedTable recompute(const PublishedTable& published);

}  // namespace fedgram::report
