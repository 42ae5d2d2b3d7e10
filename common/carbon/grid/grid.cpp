#include "common/carbon/grid/grid.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <map>
#include <set>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_grid.hpp"
#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/year_list.hpp"

namespace fedgram::carbon {

namespace {

std::string nearest(const std::vector<GridIntensity>& rows, std::string_view country)
{
    std::vector<text::Named> known;
    for (const auto& row : rows) known.push_back({{row.name, row.iso3}, row.name + " (" + row.iso3 + ")"});
    const auto near = text::did_you_mean(country, known);
    return near.empty() ? "use an ISO 3166 alpha-3 code or a country's name" : near;
}

bool is(const GridIntensity& row, const std::string& lower_country)
{
    return text::lower(row.iso3) == lower_country || text::lower(row.name) == lower_country;
}

}  // namespace

GridTable GridTable::parse_csv(std::string_view text, const std::string& where)
{
    constexpr std::array<std::string_view, 6> columns{"iso3", "name", "year", "gco2e_per_kwh", "basis", "source"};
    GridTable table;
    for (const auto& row : text::csv_rows(text, where, columns)) {
        const auto& fields = row.fields;
        const int year = text::whole_number(row, where, "year", fields[2]);
        const auto grams = intensity(row, where, fields[3]);
        for (const std::size_t column : {0U, 1U, 4U, 5U})
            static_cast<void>(text::filled_text(row, where, columns[column], fields[column]));
        table.rows_.push_back({fields[0], fields[1], grams, year, fields[4], fields[5]});
    }
    return table;
}

const GridIntensity& GridTable::find(std::string_view country, const GridChoice& choice) const
{
    const auto wanted = text::lower(country);
    const GridIntensity* best = nullptr;
    const GridIntensity* known = nullptr;
    std::map<std::string, std::set<int>> available;
    for (const auto& row : rows_) {
        if (!is(row, wanted)) continue;
        known = &row;
        available[row.basis + " " + row.source].insert(row.year);
        if (row.basis != choice.basis.value_or(row.basis) || row.source != choice.source.value_or(row.source)) continue;
        const bool fits = choice.year ? row.year == *choice.year : row.year <= choice.last_year;
        if (fits && (best == nullptr || row.year > best->year)) best = &row;
    }
    if (best != nullptr) return *best;
    if (known == nullptr)
        throw SpecError{"country \"" + std::string{country} + "\" is unknown; " + nearest(rows_, country)};
    throw SpecError{"country " + known->iso3 + ": no grid intensity" + (choice.basis ? " for " + *choice.basis : "") +
                    (choice.source ? " " + *choice.source : "") +
                    (choice.year ? " of " + std::to_string(*choice.year)
                                 : " in " + std::to_string(choice.last_year) + " or before") +
                    "; there is: " + text::year_list(available)};
}

bool GridTable::knows(std::string_view country) const
{
    const auto wanted = text::lower(country);
    return std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) { return is(row, wanted); });
}

GridChoice any_of_file()
{
    return {.year = {}, .basis = {}, .source = {}, .last_year = std::numeric_limits<int>::max()};
}

int parse_year(spec::StrictObject& object)
{
    const auto& year = object.value("year");
    if (!year.is_number_integer() || year < 1900 || year > 2200)
        spec::refuse(object.path_of("year"), year, "a year from 1900 to 2200");
    return year.get<int>();
}

GridIntensity parse_grid_intensity(const nlohmann::ordered_json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    GridIntensity grid;
    grid.iso3 = object.text("iso3");
    grid.name = object.text("name");
    grid.intensity = GramsPerKilowattHour{object.number("gco2e_per_kwh", intensity_range)};
    grid.year = parse_year(object);
    grid.basis = object.text("basis");
    grid.source = object.text("source");
    object.finish();
    return grid;
}

nlohmann::ordered_json to_json(const GridIntensity& grid)
{
    if (grid.hourly) return hourly_grid_json(grid);
    return {{"iso3", grid.iso3}, {"name", grid.name},   {"gco2e_per_kwh", grid.intensity.count()},
            {"year", grid.year}, {"basis", grid.basis}, {"source", grid.source}};
}

}  // namespace fedgram::carbon
