#include "common/carbon/grid/grid.hpp"

#include <array>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include <nlohmann/json.hpp>

#include "common/carbon/grid/hourly_grid.hpp"
#include "common/carbon/grid/intensity_range.hpp"
#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"
#include "common/text/csv_rows.hpp"
#include "common/text/folded_name.hpp"
#include "common/text/nearest_names.hpp"
#include "common/text/year_list.hpp"

namespace fedgram::carbon {

namespace {

bool is(const GridIntensity& row, const std::string& folded)
{
    return text::folded_name(row.iso3) == folded || text::folded_name(row.name) == folded;
}

}  // namespace

NamedSeries NamedSeries::from(std::chrono::sys_seconds start) const
{
    return {name, hours.from(start), origins.from(start)};
}

std::string source_text(const GridIntensity& grid)
{
    const auto origins = grid.hourly ? origins_text(grid.hourly->origins) : std::string{};
    return grid.source + (origins.empty() ? "" : ", " + origins);
}

GridTable GridTable::parse_csv(std::string_view text, const std::string& where, CountryNames names)
{
    constexpr std::array<std::string_view, 6> columns{"iso3", "name", "year", "gco2e_per_kwh", "basis", "source"};
    GridTable table;
    table.names_ = std::move(names);
    for (const auto& row : text::csv_rows(text, where, columns)) {
        const auto& fields = row.fields;
        const int year = text::whole_number(row, where, "year", fields[2]);
        const auto grams = intensity(row, where, columns[3], fields[3]);
        for (const std::size_t column : {0U, 1U, 4U, 5U})
            static_cast<void>(text::filled_text(row, where, columns[column], fields[column]));
        table.rows_.push_back({fields[0], fields[1], grams, year, fields[4], fields[5]});
    }
    return table;
}

const GridIntensity& GridTable::find(std::string_view country, const GridChoice& choice) const
{
    const auto rows = rows_of(country);
    if (rows.empty()) throw SpecError{unknown(country)};
    const GridIntensity* best = nullptr;
    std::map<std::string, std::set<int>> available;
    for (const auto* row : rows) {
        available[row->basis + " " + row->source].insert(row->year);
        if (row->basis != choice.basis.value_or(row->basis) || row->source != choice.source.value_or(row->source))
            continue;
        const bool fits = choice.year ? row->year == *choice.year : row->year <= choice.last_year;
        if (fits && (best == nullptr || row->year > best->year)) best = row;
    }
    if (best != nullptr) return *best;
    throw SpecError{"country " + rows.back()->iso3 + ": no grid intensity" +
                    (choice.basis ? " for " + *choice.basis : "") + (choice.source ? " " + *choice.source : "") +
                    (choice.year ? " of " + std::to_string(*choice.year)
                                 : " in " + std::to_string(choice.last_year) + " or before") +
                    "; there is: " + text::year_list(available)};
}

bool GridTable::knows(std::string_view country) const { return !rows_of(country).empty(); }

// A file's own name for a row comes first: its owner chose it.
std::vector<const GridIntensity*> GridTable::rows_of(std::string_view country) const
{
    std::vector<const GridIntensity*> rows;
    const auto add_each = [&](const std::string& folded) {
        for (const auto& row : rows_)
            if (is(row, folded)) rows.push_back(&row);
    };
    add_each(text::folded_name(country));
    if (const auto* called = names_.find(country); rows.empty() && called != nullptr)
        add_each(text::folded_name(called->iso3));
    return rows;
}

std::string GridTable::unknown(std::string_view country) const
{
    if (const auto* called = names_.find(country); called != nullptr)
        return "country " + called->shown() +
               ": no grid intensity is known; state one of your own in a file (--grid-file, accounting.grid_file)";
    std::vector<text::Named> known;
    for (const auto& row : rows_) {
        text::Named names{{text::folded_name(row.name), row.iso3}, row.name + " (" + row.iso3 + ")"};
        if (const auto* called = names_.find(row.iso3); called != nullptr)
            for (const auto& alias : called->aliases) names.names.push_back(text::folded_name(alias));
        known.push_back(std::move(names));
    }
    const auto near = text::did_you_mean(text::folded_name(country), known);
    return "country \"" + std::string{country} + "\" is unknown; " +
           (near.empty() ? "use an ISO 3166 code or a country's name" : near);
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
    spec::Mistakes mistakes;
    spec::StrictObject object{json, path, spec::Wording::data, &mistakes};
    GridIntensity grid;
    object.read_text("iso3", grid.iso3);
    object.read_text("name", grid.name);
    object.attempt([&] { grid.intensity = GramsPerKilowattHour{object.number("gco2e_per_kwh", intensity_range)}; });
    object.attempt([&] { grid.year = parse_year(object); });
    object.read_text("basis", grid.basis);
    object.read_text("source", grid.source);
    object.finish();
    mistakes.finish();
    return grid;
}

nlohmann::ordered_json to_json(const GridIntensity& grid)
{
    if (grid.hourly) return hourly_grid_json(grid);
    return {{"iso3", grid.iso3}, {"name", grid.name},   {"gco2e_per_kwh", grid.intensity.count()},
            {"year", grid.year}, {"basis", grid.basis}, {"source", grid.source}};
}

}  // namespace fedgram::carbon
