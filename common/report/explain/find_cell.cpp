#include "common/report/explain/find_cell.hpp"

#include <algorithm>
#include <vector>

#include "common/error/error.hpp"
#include "common/text/folded_name.hpp"
#include "common/text/nearest_names.hpp"

namespace fedgram::report {

namespace {

bool is_named(const carbon::GridIntensity& grid, std::string_view name, const carbon::CountryNames& names)
{
    const auto wanted = text::folded_name(name);
    const auto is = [&](std::string_view own) { return text::folded_name(own) == wanted; };
    if (is(grid.iso3) || is(grid.name) || (grid.hourly && is(grid.hourly->name))) return true;
    const auto* called = names.find(name);
    return called != nullptr && called->iso3 == grid.iso3;
}

std::string trimmed_lower(std::string_view text)
{
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text::lower(text.substr(first, text.find_last_not_of(' ') - first + 1));
}

std::string cell_names(const Table& table, const std::vector<const Cell*>& cells)
{
    std::string names;
    for (const auto* cell : cells) names += (names.empty() ? "\"" : ", \"") + cell_name(table, *cell) + "\"";
    return names;
}

std::string country_codes(const Table& table)
{
    std::string codes;
    for (const auto& country : table.accounting.countries) codes += (codes.empty() ? "" : ", ") + country.iso3;
    return codes;
}

}  // namespace

std::string cell_name(const Table& table, const Cell& cell)
{
    return table.accounting.countries[cell.country].iso3 + "/" + table.columns[cell.column].heading;
}

std::size_t find_country(const Table& table, std::string_view name, const carbon::CountryNames& names)
{
    const auto& countries = table.accounting.countries;
    const auto found = std::ranges::find_if(countries, [&](const auto& grid) { return is_named(grid, name, names); });
    if (found != countries.end()) return static_cast<std::size_t>(found - countries.begin());
    throw SpecError{"\"" + std::string{name} + "\" is no country of the table; the countries are " +
                    country_codes(table)};
}

const Cell& find_cell(const Table& table, std::string_view name, const carbon::CountryNames& names)
{
    const auto slash = name.find('/');
    const auto country = name.substr(0, slash);
    const auto column = trimmed_lower(slash == std::string_view::npos ? std::string_view{} : name.substr(slash + 1));
    std::vector<const Cell*> of_country;
    std::vector<const Cell*> whole;
    std::vector<const Cell*> of_training;
    std::vector<const Cell*> part;
    for (const auto& cell : table.cells) {
        if (!is_named(table.accounting.countries[cell.country], country, names)) continue;
        of_country.push_back(&cell);
        const auto& own = table.columns[cell.column];
        const auto heading = text::lower(own.heading);
        if (heading == column) whole.push_back(&cell);
        if (text::lower(table.outcome(own).label) == column) of_training.push_back(&cell);
        if (!column.empty() && heading.find(column) != std::string::npos) part.push_back(&cell);
    }
    const auto& found = !whole.empty() ? whole : !of_training.empty() ? of_training : part;
    if (found.size() == 1) return *found.front();
    throw SpecError{"\"" + std::string{name} + "\" names " + (found.empty() ? "no cell" : "more than one cell") +
                    "; use COUNTRY/COLUMN, where the column may be its training's label or a part that no other has: " +
                    (!found.empty()       ? cell_names(table, found)
                     : of_country.empty() ? "the countries are " + country_codes(table)
                                          : cell_names(table, of_country))};
}

}  // namespace fedgram::report
