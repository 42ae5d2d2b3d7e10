#include "common/report/table/not_told_apart.hpp"

namespace fedgram::report {

std::vector<AlikeCells> not_told_apart(const Table& table, std::size_t country)
{
    std::vector<AlikeCells> alike;
    for (const auto& [first, second, energy] : table.pairs) {
        const auto one = table.cell(country, first).intensity.count();
        const auto other = table.cell(country, second).intensity.count();
        if (other == 0) {
            if (one == 0) alike.push_back({first, second, {}});  // none emits anything
            continue;
        }
        const auto grids = one / other;
        const carbon::EnergyRatio ratio{energy.likely * grids, energy.low * grids, energy.high * grids};
        if (ratio.low <= 1 && ratio.high >= 1) alike.push_back({first, second, ratio});
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
