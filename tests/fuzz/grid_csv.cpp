// The CSV of grid intensities, by country and by region: each row can be found again.

#include <cmath>

#include "common/carbon/assumptions/region_table.hpp"
#include "common/carbon/grid/grid.hpp"
#include "common/error/error.hpp"
#include "tests/fuzz/finding.hpp"
#include "tests/fuzz/target.hpp"

using namespace fedgram;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = fuzz::text_of(data, size);
    fuzz::allow_refusal<DataError>([&] {
        const auto table = carbon::GridTable::parse_csv(text, "grid.csv");
        for (const auto& row : table.rows()) {
            fuzz::require(std::isfinite(row.intensity.count()) && row.intensity.count() >= 0,
                          "an intensity is a number of at least 0");
            const auto& found = table.find(row.iso3, {row.year, row.basis, row.source});
            fuzz::require(found.year == row.year && found.basis == row.basis && found.source == row.source,
                          "a row is found by its country, year, basis and source");
        }
    });
    fuzz::allow_refusal<DataError>([&] { static_cast<void>(carbon::RegionTable::parse_csv(text, "regions.csv")); });
    return 0;
}
