#include "common/report/table/not_told_apart.hpp"

#include <algorithm>

namespace fedgram::report {

std::optional<carbon::EnergyRatio> grams_ratio(const Table& table, const ColumnPair& pair, std::size_t country)
{
    const auto other = table.cell(country, pair.second).intensity.count();
    if (other == 0) return std::nullopt;
    const auto grids = table.cell(country, pair.first).intensity.count() / other;
    return carbon::EnergyRatio{pair.ratio.likely * grids, pair.ratio.low * grids, pair.ratio.high * grids};
}

std::optional<carbon::EnergyRatio> grams_ratio(const Table& table, std::size_t over, std::size_t under,
                                               std::size_t country)
{
    for (const auto& pair : table.pairs) {
        if (pair.first != std::min(over, under) || pair.second != std::max(over, under)) continue;
        const auto ratio = grams_ratio(table, pair, country);
        if (!ratio || pair.first == over) return ratio;
        return carbon::EnergyRatio{1 / ratio->likely, 1 / ratio->high, 1 / ratio->low};
    }
    return std::nullopt;
}

std::vector<AlikeCells> not_told_apart(const Table& table, std::size_t country)
{
    std::vector<AlikeCells> alike;
    for (const auto& pair : table.pairs) {
        const auto ratio = grams_ratio(table, pair, country);
        if (ratio && ratio->low <= 1 && ratio->high >= 1) alike.push_back({pair.first, pair.second, *ratio});
    }
    return alike;
}

std::vector<std::string> alike_columns(const Table& table, const Cell& cell)
{
    std::vector<std::string> headings;
    for (const auto& [first, second, ratio] : not_told_apart(table, cell.country))
        if (first == cell.column || second == cell.column)
            headings.push_back(table.columns[first == cell.column ? second : first].heading);
    return headings;
}

}  // namespace fedgram::report
