#include "common/report/table/published_ratio.hpp"

#include "common/report/table/ratio.hpp"

namespace fedgram::report {

std::optional<PublishedRatio> published_ratio(const Table& table, const Cell& cell)
{
    const auto ours = table.result(cell);
    if (!ours || !cell.published) return std::nullopt;
    const auto& country = table.accounting.countries[cell.country];
    PublishedRatio parts;
    parts.whole = ratio(ours->count(), *cell.published);
    parts.grid = ratio(table.grid(cell).count(), table.published->row(country.iso3)->implied_grid.count());
    if (parts.whole && parts.grid) parts.energy = ratio(*parts.whole, *parts.grid);
    return parts;
}

}  // namespace fedgram::report
