#include "common/report/table/published.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>

#include <nlohmann/json.hpp>

#include "common/error/error.hpp"
#include "common/spec/strict_object.hpp"

namespace fedgram::report {

namespace {

using Json = nlohmann::ordered_json;

PublishedColumn parse_column(const Json& json, const std::string& path)
{
    spec::StrictObject object{json, path};
    PublishedColumn column;
    column.training = object.text("training");
    if (!object.value("device").is_null()) column.device = object.text("device");
    if (!object.value("pue").is_null()) column.pue = object.number("pue", {1, spec::NumberRange::Low::included, 10});
    object.finish();
    return column;
}

PublishedRow parse_row(const Json& json, const std::string& path, std::size_t columns)
{
    spec::StrictObject object{json, path};
    PublishedRow row;
    row.country = object.text("country");
    const auto& cells = object.array("cells");
    if (cells.size() != columns)
        spec::refuse(object.path_of("cells"), cells,
                     "one value for each of the " + std::to_string(columns) + " columns");
    for (const auto& cell : cells) {
        if (!cell.is_null() && (!cell.is_number() || cell < 0))
            spec::refuse(object.path_of("cells"), cell, "grams of at least 0, or null");
        row.cells.push_back(cell.is_null() ? std::nullopt : std::optional{cell.get<double>()});
    }
    object.finish();
    return row;
}

long tenths(double grams) { return std::lround(grams * 10); }

// kWh of a column of printed cells, given each row's intensity.
double column_energy(const PublishedTable& table, std::size_t column)
{
    constexpr double half_a_digit = 0.05;  // cells are printed to a tenth
    double low = 0;
    double high = std::numeric_limits<double>::infinity();
    double products = 0;
    double squares = 0;
    for (const auto& row : table.rows) {
        if (!row.cells[column]) continue;
        const double grams = *row.cells[column];
        const double intensity = row.implied_grid.count();
        if (intensity == 0) continue;  // any energy gives such a row's cells
        low = std::max(low, (grams - half_a_digit) / intensity);
        high = std::min(high, (grams + half_a_digit) / intensity);
        products += grams * intensity;
        squares += intensity * intensity;
    }
    if (squares == 0) return 0;
    return low <= high ? (low + high) / 2 : products / squares;
}

}  // namespace

const PublishedRow* PublishedTable::row(std::string_view country) const
{
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.country == country; });
    return found == rows.end() ? nullptr : &*found;
}

std::optional<double> PublishedTable::find(std::string_view country, std::string_view training, std::string_view device,
                                           std::optional<double> pue) const
{
    const auto* const found = row(country);
    if (found == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto& column = columns[i];
        if (column.training == training && column.device.value_or(std::string{device}) == device && column.pue == pue)
            return found->cells[i];
    }
    return std::nullopt;
}

PublishedTable parse_published_table(const Json& json, const std::string& where)
{
    try {
        spec::StrictObject object{json, where + ": table"};
        PublishedTable table;
        table.id = object.text("id");
        table.title = object.text("title");
        table.source = object.text("source");
        (void)object.choice("unit", {"gCO2e"});
        (void)object.text("note");
        for (const auto& column : object.array("columns"))
            table.columns.push_back(parse_column(column, object.path_of("columns")));
        for (const auto& row : object.array("rows"))
            table.rows.push_back(parse_row(row, object.path_of("rows"), table.columns.size()));
        auto implied = object.object("implied_grid");
        (void)implied.text("standing");
        table.grid_source = implied.text("source");
        auto grams = implied.object("gco2e_per_kwh");
        for (auto& row : table.rows) row.implied_grid = GramsPerKilowattHour{grams.number(row.country, spec::positive)};
        grams.finish();
        implied.finish();
        object.finish();
        return table;
    } catch (const SpecError& error) {
        throw DataError{error.what()};
    }
}

RecomputedTable recompute(const PublishedTable& published)
{
    RecomputedTable result;
    std::vector<double> energy;  // in kWh
    for (std::size_t i = 0; i < published.columns.size(); ++i) {
        energy.push_back(column_energy(published, i));
        result.energy.push_back(joules_per_kilowatt_hour * energy.back());
    }
    for (const auto& row : published.rows) {
        auto& cells = result.rows.emplace_back();
        for (std::size_t i = 0; i < energy.size(); ++i) {
            auto& cell = cells.emplace_back();
            if (energy[i] == 0) continue;
            const long recomputed = tenths(energy[i] * row.implied_grid.count());
            cell.grams = static_cast<double>(recomputed) / 10;
            cell.off = row.cells[i] && std::labs(recomputed - tenths(*row.cells[i])) > 1;
        }
    }
    return result;
}

}  // namespace fedgram::report
