#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/report/table/table.hpp"
#include "common/run/run_record.hpp"
#include "common/units/quantity.hpp"

namespace fedgram::report {

/// What a column had spent by the end of a round, or of an evaluation interval. That of the last one is the column's
/// own, and its grams are those of the column's cell in the table's first country.
struct SpentSoFar {
    std::uint32_t round{};
    Seconds virtual_time;
    Joules energy;        ///< of devices and network, with PUE
    GramsCO2e emissions;  ///< operational
};

/// Round by round, of a modelled column of `run`'s table. Priced from the Work, by the table's assumptions:
/// rounds.jsonl has the grams by the run's own.
[[nodiscard]] std::vector<SpentSoFar> spending(const Table& table, std::size_t column, const run::RunRecord& run);

}  // namespace fedgram::report
