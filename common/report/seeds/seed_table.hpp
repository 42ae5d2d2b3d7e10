#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "common/report/seeds/statistics.hpp"
#include "common/report/table/table.hpp"
#include "common/statistics/confidence.hpp"

namespace fedgram::report {

/// The table of one run, and its seed. The table outlives it.
struct SeededTable {
    const Table* table;
    std::uint64_t seed;
};

/// One cell over runs that differ in the seed alone.
struct SeedCell {
    std::size_t country;              ///< index into carbon::Accounting::countries
    std::size_t column;               ///< index into Table::columns
    std::size_t reached;              ///< how many runs have a result here; the others missed their target
    std::optional<Statistics> grams;  ///< over those; nothing where there is none
    std::optional<double> first;      ///< of the first run
    std::optional<statistics::Interval> confidence{};  ///< of the mean; where all runs, at least two, have a result
};

/// In the order of the table's cells. `runs` are at least one, of one specification under the same assumptions.
[[nodiscard]] std::vector<SeedCell> seed_cells(std::span<const SeededTable> runs);

/// Mean and deviation in each cell, beneath each row that of the first seed alone, and how many runs missed a target.
[[nodiscard]] std::string seed_table(std::span<const SeededTable> runs);

/// The same, unrounded: `seeds`, `first_seed`, and `cells`, each with `country`, `column`, `reached`, `mean_gco2e`,
/// `deviation_gco2e`, `least_gco2e`, `most_gco2e`, `first_gco2e` and `confidence_95` (`low`, `high`), null where there
/// is no such value.
[[nodiscard]] nlohmann::ordered_json seed_json(std::span<const SeededTable> runs);

}  // namespace fedgram::report
